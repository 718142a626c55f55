package org.redisbackup.source;

/** Nothing went wrong, but there is no backup where one is looked for. */
public final class NoBackupException extends SourceException {
    private static final long serialVersionUID = 1L;

    public NoBackupException(String message) {
        super(message);
    }
}
