/** Asks again until the answer is there, for at most 5 s. */
export const eventually = async <T>(
  ask: () => Promise<T | undefined | null | false> | T | undefined | null | false,
): Promise<T> => {
  for (let tries = 0; tries < 250; tries += 1) {
    const answer = await ask()
    if (answer) return answer
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('it did not happen within 5 s')
}
