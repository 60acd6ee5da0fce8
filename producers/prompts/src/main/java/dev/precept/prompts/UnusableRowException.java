package dev.precept.prompts;

import dev.precept.records.InputFault;

/** Leaves the reading of one row at its first fault; {@link RowReader} turns it into a value. */
final class UnusableRowException extends Exception {
    private static final long serialVersionUID = 1L;

    private final InputFault fault;

    UnusableRowException(InputFault fault, String detail) {
        super(detail, null, false, false);
        this.fault = fault;
    }

    static UnusableRowException unreadable(String detail) {
        return new UnusableRowException(InputFault.UNREADABLE, detail);
    }

    InputFault fault() {
        return fault;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
