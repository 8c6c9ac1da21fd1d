/** Importing it adds the language. */
export {};
