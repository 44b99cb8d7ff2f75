/**
 * What models can do and cost. Made by scripts/update-prices.mjs; not for editing.
 *
 * One model a line: id, context window and longest output in tokens, abilities (i images, r reasoning, t tools), then US
 * dollars per million tokens: input, output, cache read, cache write for five minutes and for an hour, or one - when the
 * price is unknown. For each number of tokens that a longer prompt costs more from: the number, then the five prices again.
 */
export const modelData: Readonly<Record<string, string>> = {
  anthropic: `
claude-fable-5 1000000 128000 irt 10 50 1 12.5 20
claude-fable-5-1 1000000 128000 irt 10 50 0.25 12.5 20
claude-fable-5-2 1000000 128000 irt 8 40 0.2 10 16
claude-haiku-4-5 200000 64000 irt 1 5 0.1 1.25 2
claude-haiku-4-5-20251001 200000 64000 irt 1 5 0.1 1.25 2
claude-haiku-5-5 1000000 128000 irt 0.1 0.5 0.01 0.125 0.2 100000 0.5 2.5 0.05 0.625 1
claude-opus-4-5 200000 64000 irt 5 25 0.5 6.25 10
claude-opus-4-5-20251101 200000 64000 irt 5 25 0.5 6.25 10
claude-opus-4-6 1000000 128000 irt 5 25 0.5 6.25 10
claude-opus-4-7 1000000 128000 irt 5 25 0.5 6.25 10
claude-opus-4-8 1000000 128000 irt 5 25 0.5 6.25 10
claude-opus-5 1000000 128000 irt 5 25 0.5 6.25 10
claude-opus-5-5 1000000 128000 irt 4 20 0.2 5 8
claude-sonnet-4-5 200000 64000 irt 3 15 0.3 3.75 6
claude-sonnet-4-5-20250929 200000 64000 irt 3 15 0.3 3.75 6
claude-sonnet-4-6 1000000 128000 irt 3 15 0.3 3.75 6
claude-sonnet-5 1000000 128000 irt 2 10 0.2 2.5 4
claude-sonnet-5-5 1000000 128000 irt 2 10 0.1 2.5 4
`,
  openai: `
chat-latest 400000 128000 irt 5 30 0.5 5 5
gpt-4 8192 8192 t 30 60 30 30 30
gpt-4-turbo 128000 4096 it 10 30 10 10 10
gpt-4.1 1047576 32768 it 2 8 0.5 2 2
gpt-4.1-mini 1047576 32768 it 0.4 1.6 0.1 0.4 0.4
gpt-4.1-nano 1047576 32768 it 0.1 0.4 0.025 0.1 0.1
gpt-4o 128000 16384 it 2.5 10 1.25 2.5 2.5
gpt-4o-2024-05-13 128000 4096 it 5 15 5 5 5
gpt-4o-2024-08-06 128000 16384 it 2.5 10 1.25 2.5 2.5
gpt-4o-2024-11-20 128000 16384 it 2.5 10 1.25 2.5 2.5
gpt-4o-mini 128000 16384 it 0.15 0.6 0.075 0.15 0.15
gpt-5 400000 128000 irt 1.25 10 0.125 1.25 1.25
gpt-5-chat-latest 128000 16384 it 1.25 10 0.125 1.25 1.25
gpt-5-mini 400000 128000 irt 0.25 2 0.025 0.25 0.25
gpt-5-nano 400000 128000 irt 0.05 0.4 0.005 0.05 0.05
gpt-5-pro 400000 128000 irt 15 120 15 15 15
gpt-5.1 400000 128000 irt 1.25 10 0.125 1.25 1.25
gpt-5.2 400000 128000 irt 1.75 14 0.175 1.75 1.75
gpt-5.2-pro 400000 128000 irt 21 168 21 21 21
gpt-5.3-codex 400000 128000 irt 1.75 14 0.175 1.75 1.75
gpt-5.3-codex-spark 128000 32000 irt 1.75 14 0.175 1.75 1.75
gpt-5.4 1050000 128000 irt 2.5 15 0.25 2.5 2.5 272000 5 22.5 0.5 5 5
gpt-5.4-mini 400000 128000 irt 0.75 4.5 0.075 0.75 0.75
gpt-5.4-nano 400000 128000 irt 0.2 1.25 0.02 0.2 0.2
gpt-5.4-pro 1050000 128000 irt 30 180 30 30 30 272000 60 270 60 60 60
gpt-5.5 1050000 128000 irt 5 30 0.5 5 5 272000 10 45 1 10 10
gpt-5.5-pro 1050000 128000 irt 30 180 30 30 30 272000 60 270 60 60 60
gpt-5.6-cyber 400000 128000 irt 12.5 75 1.25 15.625 15.625
gpt-5.6-luna 1050000 128000 irt 0.2 1.2 0.02 0.25 0.25 272000 0.4 1.8 0.04 0.5 0.5
gpt-5.6-sol 1050000 128000 irt 4 20 0.4 5 5 272000 8 30 0.8 10 10
gpt-5.6-terra 1050000 128000 irt 2 12 0.2 2.5 2.5 272000 4 18 0.4 5 5
gpt-6-astra 1050000 128000 irt 10 50 1 12.5 12.5 272000 20 75 2 25 25
gpt-6-cyber 1050000 128000 irt 20 100 2 25 25
gpt-6-luna 1050000 128000 irt 0.1 0.5 0.01 0.125 0.125 272000 0.2 0.75 0.02 0.25 0.25
gpt-6-sol 1050000 128000 irt 2 10 0.2 2.5 2.5 272000 4 15 0.4 5 5
gpt-6.1-sol 1050000 128000 irt 2 10 0.1 2.5 2.5 272000 4 15 0.2 5 5
gpt-6.1-terra 1050000 128000 irt 1 5 0.05 1.25 1.25 272000 2 7.5 0.1 2.5 2.5
gpt-6.2-astra 1050000 128000 irt 8 40 0.4 10 10 272000 16 60 0.8 20 20
gpt-6.2-sol 1050000 128000 irt 2 10 0.1 2.5 2.5 272000 4 15 0.2 5 5
gpt-daybreak-blue-latest 1050000 128000 irt 4 20 0.4 5 5 272000 8 30 0.8 10 10
gpt-daybreak-red-latest 400000 128000 irt 12.5 75 1.25 15.625 15.625
o1 200000 100000 irt 15 60 7.5 15 15
o1-pro 200000 100000 irt 150 600 150 150 150
o3 200000 100000 irt 2 8 0.5 2 2
o3-mini 200000 100000 rt 1.1 4.4 0.55 1.1 1.1
o3-pro 200000 100000 irt 20 80 20 20 20
o4-mini 200000 100000 irt 1.1 4.4 0.275 1.1 1.1
`,
  gemini: `
deep-research-max-preview-04-2026 1048576 65536 irt 2 12 0.2 2 2 200000 4 18 0.4 4 4
deep-research-preview-04-2026 1048576 65536 irt 2 12 0.2 2 2 200000 4 18 0.4 4 4
gemini-2.5-computer-use-preview-10-2025 128000 64000 irt 1.25 10 1.25 1.25 1.25
gemini-2.5-flash 1048576 65536 irt 0.3 2.5 0.03 0.3 0.3
gemini-2.5-flash-lite 1048576 65536 irt 0.1 0.4 0.01 0.1 0.1
gemini-2.5-pro 1048576 65536 irt 1.25 10 0.125 1.25 1.25 200000 2.5 15 0.25 2.5 2.5
gemini-3-flash-preview 1048576 65536 irt 0.5 3 0.05 0.5 0.5
gemini-3.1-flash-lite 1048576 65536 irt 0.25 1.5 0.025 0.25 0.25
gemini-3.1-flash-lite-preview 1048576 65536 irt 0.25 1.5 0.025 0.25 0.25
gemini-3.1-pro-preview 1048576 65536 irt 2 12 0.2 2 2 200000 4 18 0.4 4 4
gemini-3.1-pro-preview-customtools 1048576 65536 irt 2 12 0.2 2 2 200000 4 18 0.4 4 4
gemini-3.5-flash 1048576 65536 irt 1.5 9 0.15 1.5 1.5
gemini-3.5-flash-lite 1048576 65536 irt 0.3 2.5 0.03 0.3 0.3
gemini-3.6-flash 1048576 65536 irt 0.75 3.75 0.075 0.75 0.75
gemini-3.7-flash 1048576 65536 irt 0.75 3.75 0.075 0.75 0.75
gemini-3.8-flash 1048576 65536 irt 0.75 3.75 0.075 0.75 0.75
gemini-4-argon 1048576 32768 irt 2 10 0.1 2 2
gemini-4-carbon 1048576 32768 irt 2 10 0.1 2 2
gemini-4-hydrogen 1048576 65536 irt 1.5 7.5 0.075 1.5 1.5
gemini-4-neon 1048576 65536 irt 3 15 0.15 3 3
gemini-flash-latest 1048576 65536 irt 1.5 9 0.15 1.5 1.5
gemini-flash-lite-latest 1048576 65536 irt 0.25 1.5 0.025 0.25 0.25
gemini-pro-latest 1048576 65536 irt 2 12 0.2 2 2 200000 4 18 0.4 4 4
gemini-robotics-er-2-preview 131072 65536 irt 1 5 0.1 1 1
gemma-4-26b-a4b-it 262144 32768 irt -
gemma-4-31b-it 262144 32768 irt -
`,
  deepseek: `
deepseek-flash 1000000 384000 irt 0.3 1.2 0.006 0.3 0.3
deepseek-v4-pro 1000000 384000 rt 1.32 3.96 0.044 1.32 1.32
`,
  mistral: `
codestral-2508 256000 8192 t 0.3 0.9 0.03 0.3 0.3
codestral-latest 256000 4096 t 0.3 0.9 0.03 0.3 0.3
deepseek-v4-1-flash-1017 1048576 128000 irt 0.3 1.2 0.007 0.3 0.3
devstral-2512 262144 262144 t 0.4 2 0.04 0.4 0.4
devstral-latest 262144 262144 t 0.4 2 0.04 0.4 0.4
devstral-medium-latest 262144 262144 t 0.4 2 0.04 0.4 0.4
glm-5-2 1048576 131072 rt 1.4 4.4 0.14 1.4 1.4
labs-devstral-small-2512 256000 256000 it -
labs-leanstral-1-5-1 262144 128000 irt -
magistral-medium-latest 262144 16384 irt 2 5 0.2 2 2
ministral-14b-2512 262144 262144 it 0.2 0.2 0.02 0.2 0.2
ministral-3b-2512 131072 131072 it 0.1 0.1 0.01 0.1 0.1
ministral-3b-latest 131072 128000 it 0.1 0.1 0.01 0.1 0.1
ministral-8b-2512 262144 262144 it 0.15 0.15 0.015 0.15 0.15
ministral-8b-latest 262144 128000 it 0.15 0.15 0.015 0.15 0.15
mistral-large-2512 262144 262144 it 0.5 1.5 0.05 0.5 0.5
mistral-large-4 1048576 262144 irt 0.7 2.1 0.07 0.7 0.7
mistral-large-4-0-8 1048576 262144 irt 0.7 2.1 0.07 0.7 0.7
mistral-large-latest 1048576 262144 irt 0.7 2.1 0.07 0.7 0.7
mistral-medium-2505 131072 131072 it 0.4 2 0.04 0.4 0.4
mistral-medium-2508 262144 262144 it 0.4 2 0.04 0.4 0.4
mistral-medium-2604 262144 262144 irt 1.5 7.5 0.15 1.5 1.5
mistral-medium-3.5 262144 262144 irt 1.5 7.5 1.5 1.5 1.5
mistral-medium-latest 262144 262144 irt 1.5 7.5 0.15 1.5 1.5
mistral-small-2506 128000 16384 it 0.1 0.3 0.01 0.1 0.1
mistral-small-2603 262144 256000 irt 0.15 0.6 0.015 0.15 0.15
mistral-small-latest 262144 256000 irt 0.15 0.6 0.015 0.15 0.15
open-mistral-nemo 128000 128000 t 0.15 0.15 0.015 0.15 0.15
pixtral-12b 128000 128000 it 0.15 0.15 0.015 0.15 0.15
voxtral-small-2507 32768 32000 t 0.1 0.4 0.01 0.1 0.1
voxtral-small-latest 32768 32000 t 0.1 0.4 0.01 0.1 0.1
zai-glm-5-2 1048576 131072 rt 1.4 4.4 0.14 1.4 1.4
zai-glm-5-3 1048576 131072 rt 1.4 4.4 0.14 1.4 1.4
zai-glm-5-3-flash 1048576 131072 irt 0.15 0.5 0.03 0.15 0.15
`,
  groq: `
llama-3.1-8b-instant 131072 131072 t 0.05 0.08 0.05 0.05 0.05
llama-3.3-70b-versatile 131072 32768 t 0.59 0.79 0.59 0.59 0.59
openai/gpt-oss-120b 131072 65536 rt 0.15 0.6 0.075 0.15 0.15
openai/gpt-oss-20b 131072 65536 rt 0.075 0.3 0.0375 0.075 0.075
openai/gpt-oss-safeguard-20b 131072 65536 rt 0.075 0.3 0.0375 0.075 0.075
qwen/qwen3.6-27b 131072 16384 irt 0.6 3 0.3 0.6 0.6
qwen/qwen3.8-27b 131072 16384 irt 0.8 4 0.8 0.8 0.8
`,
  openrouter: `
aion-labs/aion-2.0 131072 32768 rt 0.8 1.6 0.2 0.8 0.8
aion-labs/aion-3.0 131072 32768 rt 3 6 0.75 3 3
aion-labs/aion-3.0-mini 131072 32768 rt 0.7 1.4 0.18 0.7 0.7
aion-labs/aion-3.5 262144 32768 rt 3 6 0.75 3 3
aion-labs/aion-3.5-mini 262144 32768 rt 0.7 1.4 0.18 0.7 0.7
amazon/nova-2-lite-v1 1000000 65535 irt 0.3 2.5 0.3 0.3 0.3
amazon/nova-lite-v1 300000 5120 it 0.06 0.24 0.06 0.06 0.06
amazon/nova-micro-v1 128000 5120 t 0.035 0.14 0.035 0.035 0.035
amazon/nova-premier-v1 1000000 32000 it 2.5 12.5 0.625 2.5 2.5
amazon/nova-pro-v1 300000 5120 it 0.8 3.2 0.8 0.8 0.8
anthropic/claude-fable-5 1000000 128000 irt 10 50 1 12.5 20
anthropic/claude-fable-5.1 1000000 128000 irt 10 50 0.25 12.5 20
anthropic/claude-fable-5.2 1000000 128000 irt 8 40 0.2 10 16
anthropic/claude-haiku-4.5 200000 64000 irt 1 5 0.1 1.25 2
anthropic/claude-haiku-5.5 1000000 128000 irt 0.1 0.5 0.01 0.125 0.2 100000 0.5 2.5 0.05 0.625 1
anthropic/claude-opus-4.1 200000 32000 irt 15 75 1.5 18.75 30
anthropic/claude-opus-4.5 200000 64000 irt 5 25 0.5 6.25 10
anthropic/claude-opus-4.6 1000000 128000 irt 5 25 0.5 6.25 10
anthropic/claude-opus-4.7 1000000 128000 irt 5 25 0.5 6.25 10
anthropic/claude-opus-4.8 1000000 128000 irt 5 25 0.5 6.25 10
anthropic/claude-opus-5 1000000 128000 irt 5 25 0.5 6.25 10
anthropic/claude-opus-5.5 1000000 128000 irt 4 20 0.2 5 8
anthropic/claude-sonnet-4.5 1000000 64000 irt 3 15 0.3 3.75 6 200000 6 22.5 0.6 7.5 12
anthropic/claude-sonnet-4.6 1000000 128000 irt 3 15 0.3 3.75 6
anthropic/claude-sonnet-5 1000000 128000 irt 2 10 0.2 2.5 4
anthropic/claude-sonnet-5.5 1000000 128000 irt 2 10 0.1 2.5 4
auto 2000000 30000 irt -
baidu/ernie-5.5-flash-preview:free 1024000 921600 rt 0 0 0 0 0
baidu/ernie-light-dt-1.0-intl 1024000 131072 rt 1.13 3.94 0.113 1.13 1.13
bytedance-seed/seed-2-1-turbo 262144 235929 irt 0.5 2.5 0.5 0.5 0.5
bytedance-seed/seed-2.0-lite 262144 131072 irt 0.25 2 0.25 0.25 0.25 128000 0.5 4 0.5 0.5 0.5
bytedance-seed/seed-2.0-mini 262144 131072 irt 0.1 0.4 0.1 0.1 0.1 128000 0.2 0.8 0.2 0.2 0.2
cohere/command-a 256000 8192 t 2.5 10 2.5 2.5 2.5
cohere/command-a-plus 192000 64000 irt 0.3 1.5 0.15 0.3 0.3
cohere/command-r-08-2024 128000 4000 t 0.15 0.6 0.15 0.15 0.15
cohere/command-r-plus-08-2024 128000 4000 t 2.5 10 2.5 2.5 2.5
cohere/command-r7b-12-2024 128000 4000 t 0.0375 0.15 0.0375 0.0375 0.0375
deepseek/deepseek-chat 128000 16000 t 0.2574 1.0287 0.2574 0.2574 0.2574
deepseek/deepseek-chat-v3-0324 128000 115200 t 0.29 1.14 0.11 0.29 0.29
deepseek/deepseek-chat-v3.1 163840 147456 rt 0.25 0.95 0.13 0.25 0.25
deepseek/deepseek-r1-0528 128000 32000 rt 0.571 2.286 0.571 0.571 0.571
deepseek/deepseek-v3.1-terminus 163840 147456 rt 0.27 1 0.27 0.27 0.27
deepseek/deepseek-v3.2 163840 147456 rt 0.26 0.38 0.13 0.26 0.26
deepseek/deepseek-v3.2-exp 163840 147456 rt 0.27 0.41 0.27 0.27 0.27
deepseek/deepseek-v4-flash 1048576 393216 rt 0.09 0.18 0.018 0.09 0.09
deepseek/deepseek-v4-flash-0731 1048576 943718 rt 0.047 0.3 0.035 0.047 0.047
deepseek/deepseek-v4-flash-vision-exp 1048575 943717 irt 0.44 1.32 0.014 0.44 0.44
deepseek/deepseek-v4-pro 1048576 393216 rt 0.9 1.5 0.2 0.9 0.9
deepseek/deepseek-v4-pro-0813 1048576 943718 rt 1.32 3.96 0.044 1.32 1.32
deepseek/deepseek-v4.1-flash 1048576 943718 irt 0.3 1.2 0.006 0.3 0.3
deepseek/deepseek-v4.1-flash-1017 1048576 393216 irt 0.15 0.6 0.003 0.15 0.15
dots-studio/dots-3-note-preview:free 512000 460800 irt 0 0 0 0 0
elorian/glimpse 262144 256000 irt 0.6 3 0.06 0.6 0.6
fireworks/ember-1 1048576 943718 irt 3 15 0.3 3 3
google/gemini-2.5-flash 1048576 65535 irt 0.3 2.5 0.03 0.083333 0.083333
google/gemini-2.5-flash-lite 1048576 65535 irt 0.1 0.4 0.01 0.083333 0.083333
google/gemini-2.5-pro 1048576 65536 irt 1.25 10 0.125 0.375 0.375 200000 2.5 15 0.25 0.375 0.375
google/gemini-2.5-pro-preview 1048576 65536 irt 1.25 10 0.125 0.375 0.375 200000 2.5 15 0.25 0.375 0.375
google/gemini-3-flash-preview 1048576 65536 irt 0.5 3 0.05 0.083333 0.083333
google/gemini-3-pro-image 65536 32768 irt 2 12 0.2 0.375 0.375
google/gemini-3.1-flash-lite 1048576 65536 irt 0.25 1.5 0.025 0.083333 0.083333
google/gemini-3.1-flash-lite-preview 1048576 65536 irt 0.25 1.5 0.025 0.083333 0.083333
google/gemini-3.1-pro-preview 1048576 65536 irt 2 12 0.2 0.375 0.375 200000 4 18 0.4 0.375 0.375
google/gemini-3.1-pro-preview-customtools 1048576 65536 irt 2 12 0.2 0.375 0.375 200000 4 18 0.4 0.375 0.375
google/gemini-3.5-flash 1048576 65536 irt 1.5 9 0.15 0.083333 0.083333
google/gemini-3.5-flash-lite 1048576 65536 irt 0.3 2.5 0.03 0.083333 0.083333
google/gemini-3.6-flash 1048576 65536 irt 0.75 3.75 0.075 0.041667 0.041667
google/gemini-3.7-flash 1048576 65536 irt 0.75 3.75 0.075 0.041667 0.041667
google/gemini-3.8-flash 1048576 65536 irt 0.825 4.125 0.0825 0.041667 0.041667
google/gemini-4-argon 1048576 943718 irt 2 10 0.1 0.1875 0.1875
google/gemini-4-carbon 1048576 943718 irt 2 10 0.1 0.1875 0.1875
google/gemini-4-hydrogen 1048576 943718 irt 1.5 7.5 0.075 0.083333 0.083333
google/gemini-4-neon 1048576 943718 irt 3 15 0.15 0.083333 0.083333
google/gemini-nano-banana-2.1 65536 58982 irt 1.5 7.5 1.5 1.5 1.5
google/gemma-3-12b-it 131072 16384 it 0.05 0.15 0.05 0.05 0.05
google/gemma-3-27b-it 131072 16384 it 0.08 0.16 0.08 0.08 0.08
google/gemma-4-26b-a4b-it 262144 235929 irt 0.09 0.3 0.05 0.09 0.09
google/gemma-4-26b-a4b-it:free 262144 32768 irt 0 0 0 0 0
google/gemma-4-31b-it 262144 16384 irt 0.2 0.4 0.2 0.2 0.2
google/gemma-4-31b-it:free 262144 32768 irt 0 0 0 0 0
ibm-granite/granite-4.2-8b 131072 117964 rt 0.06 0.15 0.015 0.06 0.06
inclusionai/ling-3.0-flash 262144 32768 rt 0.021 0.063 0.0042 0.021 0.021
inclusionai/ling-3.0-flash-vl 131072 32768 irt 0.06 0.18 0.012 0.06 0.06
inclusionai/ling-3.0-tiny 262144 250000 rt 0.015 0.045 0.003 0.015 0.015
inclusionai/ling-3.1-flash 1000000 262144 rt 0.06 0.18 0.012 0.06 0.06
inclusionai/ling-3.2-flash:free 1048576 262144 irt 0 0 0 0 0
kt/midm-k-3.0-pro 261795 235615 rt 0.2 0.8 0.04 0.2 0.2
liquid/lfm-2.5-24b-a2b 128000 8192 rt 0.05 0.7 0.025 0.05 0.05
liquid/lfm-3-1.7b 262144 8192 rt 0.08 0.2 0.02 0.08 0.08
liquid/lfm-3-1.7b:free 262144 8192 rt 0 0 0 0 0
meituan/longcat-2.0 1048756 262144 rt 0.3 1.2 0.006 0.3 0.3
meta-llama/llama-3.1-70b-instruct 131072 8192 t 0.72 0.72 0.72 0.72 0.72
meta-llama/llama-3.1-8b-instruct 131072 16384 t 0.02 0.04 0.02 0.02 0.02
meta-llama/llama-3.3-70b-instruct 128000 115200 t 0.71 0.71 0.71 0.71 0.71
meta-llama/llama-4-maverick 524288 32768 it 0.35 1 0.17 0.35 0.35
meta-llama/llama-4-scout 327680 16384 it 0.1 0.3 0.1 0.1 0.1
meta/muse-ember 1048576 943718 irt 0.1 0.5 0.004 0.125 0.125
meta/muse-glimmer-30b 131072 117964 irt 0.35 1.5 0.04 0.35 0.35
meta/muse-spark-1.1 1048576 943718 irt 1.25 4.25 0.15 1.25 1.25
meta/muse-spark-1.2 1048576 943718 irt 1.25 4.25 0.15 1.25 1.25
meta/muse-spark-1.2-contributor 1048576 943718 irt 0.1 0.2 0.002 0.1 0.1
meta/muse-spark-1.3 1048576 943718 irt 1.25 4.25 0.15 1.25 1.25
meta/muse-spark-1.3-contributor 1048576 943718 irt 0.1 0.2 0.002 0.1 0.1
meta/muse-spark-open 1048576 943718 irt 1.25 4.25 0.15 1.25 1.25
meta/muse-wonder 1048576 943718 irt 4 20 0.2 4 4
minimax/minimax-m2.5 196608 176947 rt 0.295 1.2 0.06 0.295 0.295
minimax/minimax-m2.7 196608 176947 rt 0.21 0.84 0.042 0.21 0.21
minimax/minimax-m3 524288 512000 irt 0.3 1.2 0.06 0.3 0.3
minimax/minimax-m3.1-flash 1048576 524288 irt 0.15 0.6 0.015 0.15 0.15
mistralai/codestral-2508 256000 204800 t 0.3 0.9 0.03 0.3 0.3
mistralai/devstral-2512 262144 209715 t 0.4 2 0.04 0.4 0.4
mistralai/ministral-14b-2512 262144 209715 it 0.2 0.2 0.02 0.2 0.2
mistralai/ministral-3b-2512 131072 104857 it 0.1 0.1 0.01 0.1 0.1
mistralai/ministral-8b-2512 262144 209715 it 0.15 0.15 0.015 0.15 0.15
mistralai/mistral-large 128000 102400 t 2 6 0.2 2 2
mistralai/mistral-large-2407 131072 104857 t 2 6 0.2 2 2
mistralai/mistral-large-2512 262144 209715 it 0.5 1.5 0.05 0.5 0.5
mistralai/mistral-large-4-0 1048576 262144 irt 0.7 2.1 0.07 0.7 0.7
mistralai/mistral-medium-3 131072 104857 it 0.44 2.2 0.044 0.44 0.44
mistralai/mistral-medium-3-5 262144 209715 irt 1.5 7.5 1.5 1.5 1.5
mistralai/mistral-medium-3.1 131072 104857 it 0.44 2.2 0.044 0.44 0.44
mistralai/mistral-nemo 131072 16384 t 0.029 0.03 0.029 0.029 0.029
mistralai/mistral-saba 32768 26214 t 0.2 0.6 0.02 0.2 0.2
mistralai/mistral-small-2603 262144 209715 irt 0.15 0.6 0.015 0.15 0.15
mistralai/mistral-small-3.1-24b-instruct 128000 102400 it 0.351 0.555 0.351 0.351 0.351
mistralai/mistral-small-3.2-24b-instruct 128000 16384 it 0.075 0.2 0.075 0.075 0.075
mistralai/mixtral-8x22b-instruct 65536 52428 t 2 6 0.2 2 2
mistralai/voxtral-small-24b-2507 32768 26214 t 0.1 0.3 0.01 0.1 0.1
moonshotai/kimi-k2 131072 98304 t 0.57 2.3 0.57 0.57 0.57
moonshotai/kimi-k2-0905 262144 98304 t 0.6 2.5 0.6 0.6 0.6
moonshotai/kimi-k2-thinking 262144 98304 rt 0.6 2.5 0.15 0.6 0.6
moonshotai/kimi-k2.5 262144 4096 irt 0.41 2.06 0.07 0.41 0.41
moonshotai/kimi-k2.6 262144 235929 irt 0.65 3.41 0.15 0.65 0.65
moonshotai/kimi-k2.7-code 262144 235929 irt 0.6 3 0.12 0.6 0.6
moonshotai/kimi-k3 1048576 131072 irt 0.192 16 0.182 0.192 0.192
moonshotai/kimi-k3.1-pro 1048576 131072 irt 0.253 8.8 0.18 0.253 0.253
motif-technologies/motif-3 262144 235929 rt 0.3 1.2 0.06 0.3 0.3
nex-agi/nex-n2.5-pro 262144 235929 irt 0.075 0.25 0.015 0.075 0.075
nex-agi/nex-n2.6 262144 235929 irt 0.12 0.4 0.024 0.12 0.12
nvidia/nemotron-3-nano-30b-a3b 262144 235929 rt 0.06 0.24 0.012 0.06 0.06
nvidia/nemotron-3-nano-omni-30b-a3b-reasoning:free 256000 65536 irt 0 0 0 0 0
nvidia/nemotron-3-super-120b-a12b 262144 16384 rt 0.075 0.4 0.075 0.075 0.075
nvidia/nemotron-3-ultra-550b-a55b 262144 16384 rt 0.5 2.2 0.1 0.5 0.5
nvidia/nemotron-3-ultra-550b-a55b:free 1000000 65536 rt 0 0 0 0 0
nvidia/nemotron-3.5-lightning 262144 235929 rt 0.07 0.2 0.04 0.07 0.07
nvidia/nemotron-3.5-lightning:free 1000000 65536 rt 0 0 0 0 0
nvidia/nemotron-3.5-super-vl 262144 235929 irt 0.15 0.5 0.02 0.15 0.15
nvidia/nemotron-3.5-super-vl:free 1000000 131072 irt 0 0 0 0 0
openai/gpt-3.5-turbo-0613 4095 3685 t 1 2 1 1 1
openai/gpt-3.5-turbo-16k 16385 4096 t 3 4 3 3 3
openai/gpt-4 8191 4096 t 30 60 30 30 30
openai/gpt-4.1 1047576 32768 it 2 8 0.5 2 2
openai/gpt-4.1-mini 1047576 32768 it 0.4 1.6 0.1 0.4 0.4
openai/gpt-4.1-nano 1047576 942818 it 0.1 0.4 0.03 0.1 0.1
openai/gpt-4o 128000 16384 it 2.5 10 1.25 2.5 2.5
openai/gpt-4o-2024-05-13 128000 4096 it 5 15 5 5 5
openai/gpt-4o-2024-08-06 128000 16384 it 2.5 10 1.25 2.5 2.5
openai/gpt-4o-2024-11-20 128000 16384 it 2.5 10 1.25 2.5 2.5
openai/gpt-4o-mini 128000 16384 it 0.15 0.6 0.075 0.15 0.15
openai/gpt-4o-mini-2024-07-18 128000 16384 it 0.15 0.6 0.075 0.15 0.15
openai/gpt-5 400000 128000 irt 1.25 10 0.125 1.25 1.25
openai/gpt-5-mini 400000 128000 irt 0.25 2 0.025 0.25 0.25
openai/gpt-5-nano 400000 128000 irt 0.05 0.4 0.005 0.05 0.05
openai/gpt-5-pro 400000 128000 irt 15 120 15 15 15
openai/gpt-5.1 400000 128000 irt 1.25 10 0.125 1.25 1.25
openai/gpt-5.1-codex 400000 128000 irt 1.25 10 0.13 1.25 1.25
openai/gpt-5.1-codex-max 400000 128000 irt 1.25 10 0.125 1.25 1.25
openai/gpt-5.1-codex-mini 400000 128000 irt 0.25 2 0.03 0.25 0.25
openai/gpt-5.2 400000 128000 irt 1.75 14 0.175 1.75 1.75
openai/gpt-5.2-chat 128000 32000 it 1.75 14 0.175 1.75 1.75
openai/gpt-5.2-codex 400000 128000 irt 1.75 14 0.175 1.75 1.75
openai/gpt-5.2-pro 400000 128000 irt 21 168 21 21 21
openai/gpt-5.3-codex 400000 128000 irt 1.75 14 0.175 1.75 1.75
openai/gpt-5.4 1050000 128000 irt 2.5 15 0.25 2.5 2.5 272000 5 22.5 0.5 5 5
openai/gpt-5.4-mini 400000 128000 irt 0.75 4.5 0.075 0.75 0.75
openai/gpt-5.4-nano 400000 128000 irt 0.2 1.25 0.02 0.2 0.2
openai/gpt-5.4-pro 1050000 128000 irt 30 180 30 30 30 272000 60 270 60 60 60
openai/gpt-5.5 1050000 128000 irt 5 30 0.5 5 5 272000 10 45 1 10 10
openai/gpt-5.5-pro 1050000 128000 irt 30 180 30 30 30 272000 60 270 60 60 60
openai/gpt-5.6-luna 1050000 128000 irt 0.2 1.2 0.02 0.25 0.25 272000 0.4 1.8 0.04 0.5 0.5
openai/gpt-5.6-luna-pro 1050000 128000 irt 0.2 1.2 0.02 0.25 0.25 272000 0.4 1.8 0.04 0.5 0.5
openai/gpt-5.6-sol 1050000 128000 irt 4 20 0.4 5 5 272000 8 30 0.8 10 10
openai/gpt-5.6-sol-pro 1050000 128000 irt 4 20 0.4 5 5 272000 8 30 0.8 10 10
openai/gpt-5.6-terra 1050000 128000 irt 2 12 0.2 2.5 2.5 272000 4 18 0.4 5 5
openai/gpt-5.6-terra-pro 1050000 128000 irt 2 12 0.2 2.5 2.5 272000 4 18 0.4 5 5
openai/gpt-6-astra 1050000 128000 irt 10 50 1 12.5 12.5 272000 20 75 2 25 25
openai/gpt-6-astra-pro 1050000 128000 irt 10 50 1 12.5 12.5 272000 20 75 2 25 25
openai/gpt-6-luna 1050000 128000 irt 0.1 0.5 0.01 0.125 0.125 272000 0.2 0.75 0.02 0.25 0.25
openai/gpt-6-luna-pro 1050000 128000 irt 0.1 0.5 0.01 0.125 0.125 272000 0.2 0.75 0.02 0.25 0.25
openai/gpt-6-sol 1050000 128000 irt 2 10 0.2 2.5 2.5 272000 4 15 0.4 5 5
openai/gpt-6-sol-pro 1050000 128000 irt 2 10 0.2 2.5 2.5 272000 4 15 0.4 5 5
openai/gpt-6.1-sol 1050000 128000 irt 2 10 0.1 2.5 2.5 272000 4 15 0.2 5 5
openai/gpt-6.1-sol-pro 1050000 128000 irt 2 10 0.1 2.5 2.5 272000 4 15 0.2 5 5
openai/gpt-6.1-terra 1050000 128000 irt 1 5 0.05 1.25 1.25 272000 2 7.5 0.1 2.5 2.5
openai/gpt-6.1-terra-pro 1050000 128000 irt 1 5 0.05 1.25 1.25 272000 2 7.5 0.1 2.5 2.5
openai/gpt-6.2-astra 1050000 128000 irt 8 40 0.4 10 10 272000 16 60 0.8 20 20
openai/gpt-6.2-astra-pro 1050000 128000 irt 8 40 0.4 10 10 272000 16 60 0.8 20 20
openai/gpt-6.2-sol 1050000 128000 irt 2 10 0.1 2.5 2.5 272000 4 15 0.2 5 5
openai/gpt-6.2-sol-pro 1050000 128000 irt 2 10 0.1 2.5 2.5 272000 4 15 0.2 5 5
openai/gpt-audio 128000 16384 t 2.5 10 2.5 2.5 2.5
openai/gpt-audio-mini 128000 16384 t 0.6 2.4 0.6 0.6 0.6
openai/gpt-chat-latest 400000 128000 it 5 30 0.5 5 5
openai/gpt-oss-120b 131072 117964 rt 0.09 0.36 0.09 0.09 0.09
openai/gpt-oss-20b 131072 117964 rt 0.018 0.09 0.009 0.018 0.018
openai/gpt-oss-safeguard-20b 131072 65536 rt 0.075 0.3 0.0375 0.075 0.075
openai/o3 200000 100000 irt 2 8 0.5 2 2
openai/o3-pro 200000 100000 irt 20 80 20 20 20
openrouter/auto 2000000 4096 irt -
openrouter/auto-beta 2000000 128000 irt -
openrouter/auto-code 2000000 128000 irt -
openrouter/free 200000 4096 irt -
openrouter/fusion 1000000 30000 rt -
openrouter/pareto-code 2000000 4096 rt -
particle-ai/particle-1 1048576 131072 irt 0.07 0.5 0.006 0.07 0.07
particle-ai/particle-1:free 1048576 131072 irt 0 0 0 0 0
perceptron/perceptron-mk1.5 36864 8192 irt 0.15 1.5 0.15 0.15 0.15
prism-ml/ternary-bonsai-2-27b 262144 32768 irt 0.075 0.5 0.0375 0.075 0.075
prism-ml/ternary-bonsai-2-9b 262144 65536 irt 0.08 0.13 0.04 0.08 0.08
qwen/qwen-2.5-72b-instruct 32768 16384 t 0.36 0.4 0.36 0.36 0.36
qwen/qwen-plus 1000000 32768 t 0.26 0.78 0.052 0.325 0.325 256000 0.78 2.34 0.156 0.975 0.975
qwen/qwen3-14b 40960 16384 rt 0.12 0.24 0.12 0.12 0.12
qwen/qwen3-235b-a22b-2507 131072 117964 t 0.14 0.8 0.05 0.14 0.14
qwen/qwen3-235b-a22b-thinking-2507 128000 16384 rt 0.45 3.5 0.45 0.45 0.45
qwen/qwen3-30b-a3b 40960 16384 rt 0.12 0.5 0.12 0.12 0.12
qwen/qwen3-30b-a3b-instruct-2507 262144 235929 t 0.1 0.3 0.1 0.1 0.1
qwen/qwen3-32b 40960 16384 rt 0.08 0.28 0.08 0.08 0.08
qwen/qwen3-coder 262144 65536 t 0.3 1 0.1 0.3 0.3
qwen/qwen3-coder-30b-a3b-instruct 262144 235929 t 0.15 0.6 0.15 0.15 0.15
qwen/qwen3-coder-flash 1000000 65536 t 0.195 0.975 0.039 0.24375 0.24375 32000 0.325 1.625 0.065 0.40625 0.40625 128000 0.52 2.6 0.104 0.65 0.65
qwen/qwen3-coder-next 262144 235929 t 0.12 0.8 0.07 0.12 0.12
qwen/qwen3-next-80b-a3b-instruct 262144 235929 t 0.1 1.1 0.07 0.1 0.1
qwen/qwen3-vl-235b-a22b-instruct 131072 32768 it 0.21 1.9 0.1 0.21 0.21
qwen/qwen3-vl-30b-a3b-instruct 262144 16384 it 0.15 0.6 0.15 0.15 0.15
qwen/qwen3-vl-8b-instruct 262144 235929 it 0.25 0.75 0.12 0.25 0.25
qwen/qwen3.5-122b-a10b 262144 65536 irt 0.26 2.08 0.26 0.26 0.26
qwen/qwen3.5-27b 262144 81920 irt 0.26 2.6 0.26 0.26 0.26
qwen/qwen3.5-35b-a3b 262144 81920 irt 0.14 1 0.05 0.14 0.14
qwen/qwen3.5-397b-a17b 262144 81920 irt 0.45 3 0.22 0.45 0.45
qwen/qwen3.5-9b 262144 235929 irt 0.17 0.25 0.17 0.17 0.17
qwen/qwen3.5-flash-02-23 1000000 65536 irt 0.065 0.26 0.065 0.065 0.065
qwen/qwen3.5-plus-02-15 1000000 65536 irt 0.26 1.56 0.26 0.26 0.26 256000 0.325 1.95 0.325 0.325 0.325
qwen/qwen3.5-plus-20260420 1000000 65536 irt 0.3 1.8 0.3 0.375 0.375 256000 0.375 2.25 0.375 0.46875 0.46875
qwen/qwen3.6-27b 262144 81920 irt 0.32 3.2 0.32 0.32 0.32
qwen/qwen3.6-35b-a3b 262144 235929 irt 0.1 0.9 0.025 0.1 0.1
qwen/qwen3.6-flash 1000000 65536 irt 0.1875 1.125 0.1875 0.234375 0.234375 256000 0.75 3 0.75 0.9375 0.9375
qwen/qwen3.6-plus 1000000 65536 irt 0.325 1.95 0.325 0.40625 0.40625 256000 1.3 3.9 1.3 1.625 1.625
qwen/qwen3.7-flash 1000000 65536 irt 0.03 0.13 0.006 0.038 0.038 32000 0.1 0.4 0.02 0.125 0.125 256000 0.2 0.8 0.04 0.25 0.25
qwen/qwen3.7-max 1000000 131072 rt 1.475 4.425 0.295 1.84375 1.84375
qwen/qwen3.7-plus 1000000 131072 irt 0.32 1.28 0.064 0.4 0.4 256000 0.96 3.84 0.192 1.2 1.2
qwen/qwen3.8-2.4t-a95b 1000000 131072 rt 2 6 0.25 2 2
qwen/qwen3.8-27b 262144 235929 irt 0.06 2.2 0.059 0.06 0.06
qwen/qwen3.8-flash 1000000 131072 irt 0.15 0.47 0.016 0.15 0.15
qwen/qwen3.8-max-0902 1000000 131072 irt 2 6 0.25 2 2
qwen/qwen3.8-max-prime 1000000 131072 irt 4 12 0.5 4 4
qwen/qwen3.8-omni-flash 1000000 131072 irt 0.15 0.47 0.016 0.15 0.15
qwen/qwen4-max 1000000 131072 irt 1.425 4.275 0.07125 1.78125 1.78125
recursive/flint-v1.0:free 262144 235929 rt 0 0 0 0 0
reflection/beam-1.0-501b-a23b 1048576 131072 rt 0.25 1 0.05 0.25 0.25
rekaai/reka-edge 16384 14745 it 0.1 0.1 0.1 0.1 0.1
relace/relace-search 256000 128000 t 1 3 1 1 1
ricursiveai/ripple-65b-preview 1048576 131072 rt 0.1 0.3 0.025 0.1 0.1
sakana/fugu-max 1000000 128000 irt 2 6 0.25 2 2
sakana/fugu-ultra 1000000 128000 irt 5 30 0.5 5 5 272000 10 45 1 10 10
sakana/fugu-ultra-v2 1000000 128000 irt 5 30 0.5 5 5 272000 10 45 1 10 10
sakana/sakana-namazu 262144 65536 irt 0.95 4 0.15 0.95 0.95
stepfun/step-3.7-flash 256000 230400 irt 0.2 1.15 0.04 0.2 0.2
stepfun/step-5-preview 1000000 64000 irt 1 2.7 0.1 1 1
tencent/hy3 262144 128000 rt 0.132 0.528 0.033 0.132 0.132
tencent/hy3-preview 262144 235929 rt 0.18 0.6 0.06 0.18 0.18
tencent/hy4 1048576 65536 irt 0.417 1.2505 0.021 0.417 0.417
tencent/hy4-flash 1048576 65536 irt 0.035 0.1405 0.0015 0.035 0.035
tencent/hy4-preview 1048576 64000 rt 0.834 2.501 0.042 0.834 0.834
thinkingmachines/inkling 524288 471859 irt 1 4.05 0.17 1 1
thinkingmachines/inkling-2-small 1048576 943718 irt 0.3 1 0.03 0.3 0.3
thinkingmachines/inkling-small 524288 262144 irt 0.45 1.2 0.1 0.45 0.45
typesafe/jev-router 1000000 128000 irt -
unbiased/pareto-26.10 1048576 131072 it 0.8 3.2 0.03 0.8 0.8
unbiased/pareto-26.10-preview 1048576 131072 it 0.8 3.2 0.03 0.8 0.8
unbiased/pareto-26.9 262144 131072 it 2.5 7.5 0.25 2.5 2.5
upstage/solar-mini4 524288 131072 rt 0.05 0.2 0.005 0.05 0.05
upstage/solar-pro4 524288 131072 rt 0.15 0.6 0.03 0.15 0.15
x-ai/grok-4.20 2000000 1800000 irt 1.25 2.5 0.2 1.25 1.25 200000 2.5 5 0.4 2.5 2.5
x-ai/grok-4.3 1000000 900000 irt 1.25 2.5 0.2 1.25 1.25 200000 2.5 5 0.4 2.5 2.5
x-ai/grok-4.5 500000 450000 irt 2 6 0.3 2 2 200000 4 12 0.6 4 4
x-ai/grok-4.6 500000 450000 irt 2 6 0.5 2 2 200000 4 12 1 4 4
x-ai/grok-4.7 500000 450000 irt 2 6 0.5 2 2 200000 4 12 1 4 4
xiaomi/mimo-v2.5 1000000 65536 irt 0.4 2 0.08 0.4 0.4
xiaomi/mimo-v2.5-pro 262144 235929 rt 0.48 1.8 0.096 0.48 0.48
xiaomi/mimo-v2.6-flash 1048576 131072 irt 0.14 0.28 0.0028 0.14 0.14
xiaomi/mimo-v2.6-pro 1048576 131072 irt 0.435 0.87 0.0036 0.435 0.435
xiaomi/mimo-v2.6-pro-ultraspeed 1048576 131072 irt 4.35 8.7 0.036 4.35 4.35
z-ai/glm-4.5 131072 98304 rt 0.6 2.2 0.11 0.6 0.6
z-ai/glm-4.5-air 131072 98304 rt 0.13 0.85 0.025 0.13 0.13
z-ai/glm-4.5v 65536 16384 irt 0.6 1.8 0.11 0.6 0.6
z-ai/glm-4.6 202752 131072 rt 0.5 2 0.1 0.5 0.5
z-ai/glm-4.6v 131072 32768 irt 0.3 0.9 0.05 0.3 0.3
z-ai/glm-4.7 202752 131072 rt 0.4 1.75 0.08 0.4 0.4
z-ai/glm-4.7-flash 131072 117964 rt 0.0605 0.4 0.0605 0.0605 0.0605
z-ai/glm-5 202752 131072 rt 0.6 1.9 0.119 0.6 0.6
z-ai/glm-5-turbo 202752 131072 rt 1.2 4 0.24 1.2 1.2
z-ai/glm-5.1 204800 131072 rt 1.19 3.74 0.6 1.19 1.19
z-ai/glm-5.2 1048576 943718 rt 0.62 2.42 0.14 0.62 0.62
z-ai/glm-5.3 1048576 943718 rt 0.0699 1.4 0.0689 0.0699 0.0699
z-ai/glm-5.3-flash 1048576 131072 irt 0.0399 0.0784 0.03 0.0399 0.0399
z-ai/glm-5.3-flashx 1048576 131072 irt 0.37 1.25 0.075 0.37 0.37
z-ai/glm-5.3-flashx-legal 1048576 131072 irt 0.37 1.25 0.075 0.37 0.37
z-ai/glm-5.3-prime 1000000 131072 rt 1.68 5.28 0.336 1.68 1.68
z-ai/glm-5v-turbo 202752 131072 irt 1.2 4 0.24 1.2 1.2
~anthropic/claude-fable-latest 1000000 128000 irt 8 40 0.2 10 16
~anthropic/claude-haiku-latest 1000000 128000 irt 0.1 0.5 0.01 0.125 0.2 100000 0.5 2.5 0.05 0.625 1
~anthropic/claude-opus-latest 1000000 128000 irt 4 20 0.2 5 8
~anthropic/claude-sonnet-latest 1000000 128000 irt 2 10 0.1 2.5 4
~deepseek/deepseek-flash-latest 1048576 943718 irt 0.036 0.5 0.01 0.036 0.036
~deepseek/deepseek-pro-latest 1048576 393216 rt 0.2565 8 0.26 0.2565 0.2565
~deepseek/deepseek-v4-flash-latest 1048576 943718 rt 0.047 0.3 0.035 0.047 0.047
~google/gemini-flash-latest 1048576 943718 irt 1.5 7.5 0.075 0.083333 0.083333
~google/gemini-pro-latest 1048576 943718 irt 2 10 0.1 0.1875 0.1875
~moonshotai/kimi-latest 1048576 131072 irt 0.1805 11.0055 0.18 0.1805 0.1805
~openai/gpt-astra-latest 1050000 128000 irt 8 40 0.4 10 10 272000 16 60 0.8 20 20
~openai/gpt-luna-latest 1050000 128000 irt 0.1 0.5 0.01 0.125 0.125 272000 0.2 0.75 0.02 0.25 0.25
~openai/gpt-mini-latest 400000 128000 irt 0.75 4.5 0.075 0.75 0.75
~openai/gpt-sol-latest 1050000 128000 irt 2 10 0.1 2.5 2.5 272000 4 15 0.2 5 5
~openai/gpt-terra-latest 1050000 128000 irt 1 5 0.05 1.25 1.25 272000 2 7.5 0.1 2.5 2.5
~unbiased/pareto-latest 1048576 131072 it 0.8 3.2 0.03 0.8 0.8
~x-ai/grok-latest 500000 450000 irt 2 6 0.5 2 2 200000 4 12 1 4 4
~z-ai/glm-flash-latest 1048576 131072 irt 0.0399 0.0784 0.03 0.0399 0.0399
~z-ai/glm-latest 1048576 943718 rt 0.0699 1.4 0.0689 0.0699 0.0699
`,
};

/** Where it comes from. */
export const modelDataSource = {
  package: '@earendil-works/pi-ai',
  version: '1.6.0',
  date: '2026-11-20',
  license: 'MIT',
  author: 'Mario Zechner',
};
