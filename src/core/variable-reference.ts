/** `${NAME}` in a setting: the value of that environment variable, when it is needed. */
export const variableReference = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The same, or `${NAME:-text}` with what stands for a variable that is not set, as files of MCP servers write it. */
export const variableOrDefault = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
