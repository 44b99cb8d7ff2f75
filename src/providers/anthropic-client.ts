import { BaseAnthropic } from '@anthropic-ai/sdk';

/**
 * The SDK's client without its resources. A bundle then leaves out three quarters of the SDK, which a dynamic import
 * of the package would load whole. Only anthropic.ts imports this file, and only when it makes a request.
 */
export { BaseAnthropic as AnthropicClient };
