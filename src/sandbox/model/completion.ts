export interface Asked {
  model: string
  messages: { role: string; content: string | { text: string }[] }[]
}

export const textOf = ({ content }: Asked['messages'][number]): string =>
  typeof content === 'string' ? content : content.map(({ text }) => text).join('')

/** An answer in the shape of OpenAI's chat completions. */
export const completion = (asked: Asked, content: string, model: string, finish: string | null = 'stop') => {
  const prompt = tokens(asked.messages.map(textOf).join(''))
  return {
    id: 'chatcmpl-sandbox',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, message: { role: 'assistant', content, refusal: null }, finish_reason: finish }],
    usage: { prompt_tokens: prompt, completion_tokens: tokens(content), total_tokens: prompt + tokens(content) },
  }
}

const tokens = (text: string): number => Math.ceil(text.length / 4)
