// For who ships every language at once, as the extension does.

import { addLanguage } from "../languages.js";
import { de } from "./de.js";
import { es } from "./es.js";
import { ja } from "./ja.js";
import { ru } from "./ru.js";
import { zhCn } from "./zh-CN.js";

addLanguage("de", de);
addLanguage("es", es);
addLanguage("ja", ja);
addLanguage("ru", ru);
addLanguage("zh", zhCn);
