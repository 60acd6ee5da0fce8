package dev.precept.prompts.row;

/** Chooses the columns of a file that are read. */
public interface ColumnChoice {
    /** @throws SourceFormatException if a column is missing */
    void require(Columns columns) throws SourceFormatException;

    /** Whether a column is read, whatever it holds. */
    boolean isOwn(String column);

    /** Whether a column is read if its type is supported. */
    boolean isAlias(String column);
}
