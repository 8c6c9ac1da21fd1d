import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A key and a self-signed certificate for these names, made at this moment and kept nowhere.
 *
 * @param {string[]} names
 * @returns {{ key: string, cert: string }}
 */
export function selfSigned(names) {
  const folder = mkdtempSync(join(tmpdir(), "site-certificate-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const alternatives = names.map((name) => `DNS:${name}`).join(",");
  try {
    execFileSync(
      "openssl",
      [
        ...[
          "req",
          "-x509",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:prime256v1",
          "-nodes",
          "-days",
          "2",
        ],
        ...[
          "-subj",
          `/CN=${names[0]}`,
          "-addext",
          `subjectAltName=${alternatives}`,
          "-keyout",
          key,
          "-out",
          cert,
        ],
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } catch (cause) {
    throw new Error(
      "the site needs `openssl` on the PATH to make its certificate; install it and run again",
      {
        cause,
      },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
