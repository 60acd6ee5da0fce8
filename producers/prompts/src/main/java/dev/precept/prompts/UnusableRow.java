package dev.precept.prompts;

import dev.precept.records.InputFault;

/** Leaves the reading of one row at its first fault; {@link RowReader} turns it into a value. */
final class UnusableRow extends Exception {
    private static final long serialVersionUID = 1L;

    private final InputFault fault;

    UnusableRow(InputFault fault, String detail) {
        super(detail, null, false, false);
        this.fault = fault;
    }

    static UnusableRow unreadable(String detail) {
        return new UnusableRow(InputFault.UNREADABLE, detail);
    }

    InputFault fault() {
        return fault;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
