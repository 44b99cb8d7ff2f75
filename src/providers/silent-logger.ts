const ignore = (): void => {};

/** For the SDKs: they would write on the user's screen, and errors reach the user through ours anyway. */
export const silentLogger = { error: ignore, warn: ignore, info: ignore, debug: ignore };
