/** What `vscode` is outside of `src/extension`: nothing. Its own types are ambient, and would be found from everywhere. */
export {};
