// Separates what a reader can act on from the technical part of a message: commands, codes and paths.

/**
 * Splits a message of the server.
 *
 * @param {string} text - One or more sentences.
 * @returns {{summary: string, details: string|null}} `details` is the whole text when the summary leaves something out.
 */
export function explanation(text) {
    const whole = text.trim();
    const summary = withoutFacebooksWords(whole)
        .split(/(?<=[.!?])\s+(?=[\p{Lu}“"'#(])/u)
        .map(withoutAlternatives)
        .filter((sentence) => !isTechnical(sentence))
        .join(" ");
    if (!summary) return { summary: whole, details: null };
    return { summary, details: summary === whole ? null : whole };
}

/** Cuts ", at act_1/ads: (#100) Unknown field (code 100, trace A)": the path that was called, and Facebook's own words. */
function withoutFacebooksWords(text) {
    return text
        .replace(/, at \S+: (?:(?!, at \S+: )[^])*?\((?:sub)?code \d[^)]*\)/g, "")
        .replace(/, at \S+: [^.]*/g, "")
        .replace(/\s*\((?:sub)?code \d[^)]*\)/g, "");
}

/** Cuts ", or run `admirror …`": the reader has the other way. */
const withoutAlternatives = (sentence) => sentence.replace(/[,;]? or [^,;`“]*[`“](?:admirror|scripts)[^`”]*[`”][^.]*/g, "");

/** Whether a sentence is for administrators or programs. */
const isTechnical = (sentence) => /(?:^|[\s`“])(?:admirror [a-z]|scripts\/)|Retry-After|\/api\/|[A-Z]{2,}_[A-Z]/.test(sentence);
