/** Does it for each, also where it fails for another; then the first failure is told. */
export const forEach = async <T>(all: T[], act: (one: T) => Promise<void>): Promise<void> => {
  const failures: unknown[] = []
  for (const one of all) await act(one).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
