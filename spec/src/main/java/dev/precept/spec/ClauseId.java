package dev.precept.spec;

/** Syntax of a clause id: letters, digits, {@code _} and {@code -}, starting with a letter or a digit. */
final class ClauseId {
    private ClauseId() {}

    static boolean isPart(int codePoint) {
        return Character.isLetterOrDigit(codePoint) || codePoint == '_' || codePoint == '-';
    }

    static boolean isValid(String id) {
        return !id.isEmpty()
                && Character.isLetterOrDigit(id.codePointAt(0))
                && id.codePoints().allMatch(ClauseId::isPart);
    }

    /**
     * Whether the id may occur in prose without being a citation: {@code privacy}, or {@code Privacy} at the start of a
     * sentence, but not {@code illicit-K3}, {@code be_clear} or {@code CSAM}.
     */
    static boolean isOrdinaryWord(String id) {
        return id.codePoints().allMatch(Character::isLetter)
                && id.codePoints().skip(1).noneMatch(Character::isUpperCase);
    }
}
