package dev.precept.sinks;

/** The moments between which a commit can be torn; tests stop the process there. */
interface CrashPoint {
    CrashPoint NONE = moment -> {};

    /** A step of a commit that has just been taken. */
    enum Moment {
        UPLOADED,
        COMMITTED,
        HINTED
    }

    void passed(Moment moment);
}
