package dev.precept.prompts.row;

import dev.precept.records.InputFault;

/** The first fault of a row; {@code RowReader} converts it into an unusable line. */
public final class UnusableRowException extends Exception {
    private static final long serialVersionUID = 1L;

    private final InputFault fault;

    public UnusableRowException(InputFault fault, String detail) {
        super(detail, null, false, false);
        this.fault = fault;
    }

    public static UnusableRowException unreadable(String detail) {
        return new UnusableRowException(InputFault.UNREADABLE, detail);
    }

    public InputFault fault() {
        return fault;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
