/** How another language gives the two orders, forbids them, and what of its small words stands for "to" or for nothing. */
interface Language {
  deploy: RegExp
  back: RegExp
  not: RegExp
  to: RegExp
  filler: RegExp
}

/** Whole words, whatever their letters: `\b` knows no "é". */
const words = (list: string): RegExp => new RegExp(`(?<![\\p{L}\\d-])(?:${list})(?![\\p{L}\\d-])`, 'giu')

const GERMAN: Language = {
  deploy: words('deploye|deployen|deployt|ausrollen|ausliefern|liefere|bringe?'),
  back: words('roll\\w*(?=.*\\bzurück)|zurückrollen|zurücksetzen|setze?(?=.*\\bzurück)'),
  not: words('nicht|kein|keine|keinesfalls|niemals'),
  to: words('auf|in|nach|zu|zum|zur'),
  filler: words('bitte|kannst du|könntest du|den|das|die|der|dem|zurück|mal'),
}
const FRENCH: Language = {
  deploy: words('déploie|déployer|déployez|déployons|deploie|deployer|deployez'),
  back: words('reviens|revenir|revenez'),
  not: words('ne|pas|jamais|surtout pas'),
  to: words('sur|en|dans|à|au'),
  filler: words("s'il te plaît|s'il vous plaît|peux-tu|pouvez-vous|le|la|les|du|de|des"),
}
const SPANISH: Language = {
  deploy: words('despliega|desplegar|desplegad|despliegue|despliegues'),
  back: words('revierte|revertir|vuelve|volver'),
  not: words('no|nunca|sin'),
  to: words('en|a|al'),
  filler: words('por favor|puedes|el|la|los|las|de|del'),
}
const PORTUGUESE: Language = {
  deploy: words('implante|implantar|faça (?:o )?deploy|fazer (?:o )?deploy'),
  back: words('reverta|reverter|volte|voltar'),
  not: words('não|nao|nunca|sem'),
  to: words('em|para|no|na'),
  filler: words('por favor|pode|o|a|os|as|do|da|de'),
}
const JAPANESE: Language = {
  deploy: /デプロイ/gu,
  back: /ロールバック|戻し/gu,
  not: /ない|なく|やめ|禁止/gu,
  to: /[にへ]/gu,
  filler: /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}ー。、]+/gu,
}

const PRODUCTION = words('produktion|producción|produccion|produção|producao')

/**
 * An order in another language in the English that the rules read; all other text as it is. It is word for word, so what is not
 * plainly an order is left, and whatever holds a "not" forbids.
 */
export const inEnglish = (text: string): string => {
  for (const language of [GERMAN, FRENCH, SPANISH, PORTUGUESE, JAPANESE]) {
    const verb = verbOf(text, language)
    if (verb !== null) return translated(text, verb, language)
  }
  return text
}

const verbOf = (text: string, { deploy, back }: Language): 'deploy' | 'roll back' | null => {
  if (text.search(back) >= 0) return 'roll back'
  return text.search(deploy) >= 0 ? 'deploy' : null
}

const translated = (text: string, verb: string, { deploy, back, not, to, filler }: Language): string => {
  const forbids = text.search(not) >= 0
  const rest = text
    .replace(PRODUCTION, 'production')
    .replace('本番', ' production ')
    .replace(back, ' ')
    .replace(deploy, ' ')
    .replace(not, ' ')
    .replace(to, ' to ')
    .replace(filler, ' ')
  return `${forbids ? 'do not ' : ''}${verb} ${rest}`.replaceAll(/[ ?]+/g, ' ').trim()
}
