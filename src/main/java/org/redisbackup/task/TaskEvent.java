package org.redisbackup.task;

/** What a task's log speaks of. Codes are stable: clients may filter by them. */
public enum TaskEvent {
    CREATED("IMPORT.0001", Level.INFO),
    FILES_FOUND("IMPORT.0002", Level.INFO),
    FILE_IMPORTED("IMPORT.0003", Level.INFO),
    FILE_FAILED("IMPORT.0004", Level.ERROR),
    SUCCEEDED("IMPORT.0005", Level.INFO),
    FAILED("IMPORT.0006", Level.ERROR),
    METHOD_NARROWED("IMPORT.0007", Level.WARN),
    KEY_FAILED("IMPORT.0008", Level.ERROR),
    FILE_OPENED("IMPORT.0009", Level.INFO),
    STOP_REQUESTED("IMPORT.0010", Level.INFO),
    STOPPED("IMPORT.0011", Level.INFO),
    TAKEN_OVER("IMPORT.0012", Level.WARN),
    FILE_STOPPED("IMPORT.0013", Level.INFO),
    SOURCE_RETRIED("IMPORT.0014", Level.WARN),
    FILE_CUT_OFF("IMPORT.0015", Level.WARN),
    PART_SKIPPED("IMPORT.0016", Level.WARN),
    FILE_VERIFIED("IMPORT.0017", Level.INFO),
    FILE_ANALYSED("IMPORT.0018", Level.INFO),
    LEFT_OUT("IMPORT.0020", Level.INFO),
    FILE_RESUMED("IMPORT.0021", Level.INFO),
    NOT_FENCED("IMPORT.0022", Level.WARN),
    PACE_CHANGED("IMPORT.0023", Level.WARN),
    LIMITS_CHANGED("IMPORT.0024", Level.INFO),
    INCREMENT("IMPORT.0025", Level.INFO),
    FILE_COMPARED("IMPORT.0030", Level.INFO),
    FILE_DIFFERS("IMPORT.0031", Level.ERROR),
    KEY_DIFFERS("IMPORT.0032", Level.ERROR),
    NOT_COMPARED("IMPORT.0033", Level.WARN),
    LEDGER_WRITTEN("IMPORT.0040", Level.INFO),
    LEDGER_INCOMPLETE("IMPORT.0041", Level.ERROR);

    /** How much a line matters. */
    public enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    private final String code;
    private final Level level;

    TaskEvent(String code, Level level) {
        this.code = code;
        this.level = level;
    }

    public String code() {
        return code;
    }

    public Level level() {
        return level;
    }
}
