import { STEP } from './support.ts'

export const step = JSON.stringify(STEP)
export const withTag = (tag: string) => `{"intent":"deploy_backend","tag":${tag},"environment":"production"}`
export const big = (text: string, times: number) => text.repeat(times)

// Each of these came back from BAML's parser as a valid deploy_backend, or took it minutes, or killed the process.
export const DANGEROUS: [what: string, reply: string, code: string][] = [
  [
    'a refusal in prose that mentions the tool',
    `I must not do deploy_backend with tag v1.2.3 in production.`,
    'model_unreadable',
  ],
  ['a refusal in prose that holds the object', `I will not do this: ${step}`, 'model_unreadable'],
  ['an object with words after it', `${step}\nBut please do not run that.`, 'model_unreadable'],
  ['a fence with words around it', `Do not:\n\`\`\`json\n${step}\n\`\`\``, 'model_unreadable'],
  ['an intent that says the opposite', step.replace('deploy_backend', 'do_not_deploy_backend'), 'model_ambiguous'],
  ['an intent in other letters', step.replace('deploy_backend', 'Deploy_Backend'), 'model_ambiguous'],
  ['an empty tag', withTag('""'), 'model_unreadable'],
  ['a blank tag', withTag('"  "'), 'model_unreadable'],
  ['a tag with a line end', withTag('"v1.2.3\\n"'), 'model_unreadable'],
  ['a tag that is a number', withTag('1.20'), 'model_ambiguous'],
  ['a list of tags', withTag('["v1.2.3","v9.9.9"]'), 'model_ambiguous'],
  ['a list of one tag', withTag('["v1.2.3"]'), 'model_ambiguous'],
  ['a tag that is an object', withTag('{"name":"v1.2.3"}'), 'model_ambiguous'],
  ['a tag that is null', withTag('null'), 'model_unreadable'],
  ['a cut string', '{"intent":"deploy_backend","environment":"production","tag":"v1.2', 'model_unreadable'],
  ['two objects', `${step}\n${step.replace('v1.2.3', 'v9.9.9')}`, 'model_unreadable'],
  ['two objects in a list', `[${step},${step.replace('v1.2.3', 'v9.9.9')}]`, 'model_unreadable'],
  ['one object in a list', `[${step}]`, 'model_unreadable'],
  ['an object in an object', `{"step":${step}}`, 'model_unreadable'],
  [
    'a tag given twice',
    '{"intent":"deploy_backend","tag":"v1.2.3","tag":"v9.9.9","environment":"production"}',
    'model_ambiguous',
  ],
  ['an intent given twice, once escaped', `{"\\u0069ntent":"rollback",${step.slice(1)}`, 'model_ambiguous'],
  ['a field too many', `{"dry_run":true,${step.slice(1)}`, 'model_ambiguous'],
  ['a field of another name', step.replace('"tag"', '"Tag"'), 'model_ambiguous'],
  ['a missing field', '{"intent":"deploy_backend","tag":"v1.2.3"}', 'model_unreadable'],
  ['single quotes', step.replaceAll('"', "'"), 'model_unreadable'],
  ['a comment', `{"intent":"deploy_backend", // no\n"tag":"v1.2.3","environment":"production"}`, 'model_unreadable'],
  ['a trailing comma', step.replace('}', ',}'), 'model_unreadable'],
  ['a wait in words', '{"intent":"wait","seconds":"600","reason":"x"}', 'model_ambiguous'],
  ['a wait of half a second', '{"intent":"wait","seconds":0.5,"reason":"x"}', 'model_ambiguous'],
  [
    'an urgency that does not exist',
    '{"intent":"request_human_input","question":"x","context":"","options":{"urgency":"now","format":"yes_no"}}',
    'model_unreadable',
  ],
  ['a sloppy reply that would only talk', 'done_for_now: thanks', 'model_unreadable'],
  ['nothing', '', 'model_unreadable'],
  ['null', 'null', 'model_unreadable'],
  ['[ × 5000', big('[', 5000), 'model_unreadable'],
  ['{"a": × 8000', big('{"a":', 8000), 'model_unreadable'],
  ['[ × 65 in a list', `{"intent":"done_for_now","message":[${big('[],', 64)}[]]}`, 'model_unreadable'],
  ['13 levels', `${big('{"a":', 13)}1${big('}', 13)}`, 'model_unreadable'],
  ['a list of 5000', withTag(`[${big('1,', 5000)}1]`), 'model_unreadable'],
  ['17 KB', JSON.stringify({ intent: 'done_for_now', message: big('x', 17 * 1024) }), 'model_unreadable'],
]
