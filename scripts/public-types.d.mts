export function keepPublicTypes(folder: string): Promise<void>;
