// Real browsers without a window. What imports this file runs once more when it fails (tests/README.md).

export { launchChromium, launchFirefox } from "../../scripts/lib/launch-browsers.mjs";
