/// <reference path="../site/app/globals.d.ts" />
/** What functions find that run elsewhere than here: in the browsers' own windows. */

declare namespace chrome {
  /** On chrome://extensions only. */
  const developerPrivate: {
    reload(id: string): Promise<void>;
    addHostPermission(extensionId: string, host: string): Promise<void>;
    updateProfileConfiguration(update: { inDeveloperMode: boolean }): Promise<void>;
    updateExtensionConfiguration(update: {
      extensionId: string;
      hostAccess?: string;
      incognitoAccess?: boolean;
    }): Promise<void>;
  };
}

// In Firefox's own window only.
declare const WebExtensionPolicy: {
  getByID(id: string): {
    extension: { terminateBackground(how: { ignoreDevToolsAttached: boolean }): Promise<void> };
  };
};
declare const ChromeUtils: {
  importESModule(name: string): {
    ExtensionPermissions: Record<
      "add" | "remove",
      (id: string, permissions: object, extension: object) => Promise<void>
    >;
    AddonManager: { getAddonByID(id: string): Promise<{ reload(): Promise<void> }> };
  };
};
declare const Services: {
  scriptSecurityManager: { getSystemPrincipal(): object };
  prefs: { setIntPref(name: string, value: number): void };
};
declare const gBrowser: {
  selectedBrowser: { fixupAndLoadURIString(address: string, options: object): void };
};
