package org.redisbackup.task;

import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.source.SourceException;

/** Of a file that is imported again, what did not reach the target the first time. */
final class RetriedKeys {
    private final KeyPlaces places = new KeyPlaces();
    private boolean code;

    void add(LedgerEntry entry) {
        if (entry.isKey()) {
            places.add(entry.dump(), entry.offset());
        }
        code |= entry.isCode();
    }

    /** Whether more keys were added than are known. */
    boolean isIncomplete() {
        return places.isIncomplete();
    }

    /**
     * Leaves everything else out. When a function library or a script failed, all of the batch are loaded again.
     *
     * @throws SourceException for commands, each of which builds on those before it
     */
    void select(BackupBatch batch) throws SourceException {
        if (!(batch instanceof KeyBatch keys)) {
            throw new SourceException("Commands of an append-only file build on those before them and can't be retried"
                    + " one by one: import the file as a whole");
        }
        for (int i = 0; i < keys.size(); i++) {
            if (!places.contains(keys.dump(), keys.offset(i))) {
                keys.exclude(i);
            }
        }
        if (!code) {
            keys.excludeCode();
        }
    }
}
