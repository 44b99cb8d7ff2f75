export function commandsPage(): Promise<string>;
