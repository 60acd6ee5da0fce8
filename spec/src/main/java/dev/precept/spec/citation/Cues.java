package dev.precept.spec.citation;

import java.util.Set;

/** Words by which a text shows that it speaks of a clause. In lower case. */
final class Cues {
    /** Names of what a specification consists of. */
    static final Set<String> NOUNS = Set.of(
            "policy",
            "policies",
            "section",
            "sections",
            "clause",
            "clauses",
            "rule",
            "rules",
            "principle",
            "principles",
            "provision",
            "provisions",
            "guideline",
            "guidelines",
            "abschnitt",
            "abschnitte",
            "regel",
            "regeln",
            "richtlinie",
            "richtlinien",
            "klausel",
            "klauseln",
            "grundsatz",
            "grundsätze",
            "política",
            "políticas",
            "sección",
            "secciones",
            "cláusula",
            "cláusulas",
            "norma",
            "normas",
            "regla",
            "reglas",
            "apartado",
            "principio",
            "principios");

    /** Nouns that need a preposition: "the part about", "the ones related to". */
    static final Set<String> LOOSE_NOUNS = Set.of("one", "ones", "part", "parts", "teil", "parte");

    /** Between a noun and the name of a clause. */
    static final Set<String> LINKS = Set.of(
            "on",
            "about",
            "of",
            "for",
            "against",
            "regarding",
            "concerning",
            "under",
            "like",
            "such",
            "as",
            "called",
            "titled",
            "named",
            "related",
            "relating",
            "to",
            "covering",
            "the",
            "that",
            "is",
            "with",
            "über",
            "zu",
            "zur",
            "zum",
            "gegen",
            "der",
            "die",
            "das",
            "sobre",
            "de",
            "del",
            "la",
            "el",
            "contra");

    /** Which of the links make a loose noun a citation. */
    static final Set<String> STRONG_LINKS = Set.of(
            "on",
            "about",
            "regarding",
            "concerning",
            "related",
            "relating",
            "called",
            "titled",
            "over",
            "über",
            "sobre");

    /** Of Chinese, which has no spaces. */
    static final Set<String> HAN = Set.of("政策", "条款", "规则", "章节", "准则", "原则", "部分");

    /** No word of a name between a name and its noun. */
    static final Set<String> STOPS = Set.of(
            "and", "or", "is", "are", "of", "the", "a", "an", "in", "on", "to", "with", "by", "for", "under", "as",
            "per", "any", "other", "these", "those", "this", "that", "which", "und", "oder", "y", "o");

    private Cues() {}
}
