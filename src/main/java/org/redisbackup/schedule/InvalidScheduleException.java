package org.redisbackup.schedule;

/** A schedule that can't be one, because of one of its fields. */
public final class InvalidScheduleException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /** @param expected half a sentence that says what the field should be */
    InvalidScheduleException(String field, String expected) {
        super(expected);
        this.field = field;
    }

    /** As requests name it. */
    public String field() {
        return field;
    }
}
