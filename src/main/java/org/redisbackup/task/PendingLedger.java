package org.redisbackup.task;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.source.BackupFile;

/** The lines of one file's ledger that are in no object yet. Not safe for use by several threads. */
final class PendingLedger {
    /** Characters that are worth an object; so many are saved with a checkpoint at most. */
    private static final int ENOUGH = 128 << 10;

    private final BackupFile file;
    private final boolean keeps;
    private final List<String> lines;
    private final List<RestoreResult> last = new ArrayList<>();
    private TreeMap<Integer, Integer> objects;
    private String problem;
    private long characters;

    /** @param keeps false for a ledger that stays empty */
    PendingLedger(FileCheckpoint from, boolean keeps) {
        file = from.file();
        this.keeps = keeps;
        lines = new ArrayList<>(from.ledger().lines());
        objects = from.ledger().objects();
        problem = from.ledger().problem();
        lines.forEach(line -> characters += line.length());
    }

    boolean keeps() {
        return keeps;
    }

    void add(RestoreResult result) {
        if (keeps) {
            result.failures().forEach(failure -> add(LedgerEntry.of(file, failure)));
        }
    }

    private void add(LedgerEntry entry) {
        String line = LedgerJson.write(entry);
        lines.add(line);
        characters += line.length();
    }

    /** Is added at the end. */
    void addLast(RestoreResult result) {
        if (keeps) {
            last.add(result);
        }
    }

    /** @param error why the file was not read to its end, or null */
    void end(String error) {
        last.forEach(this::add);
        last.clear();
        if (keeps && error != null) {
            add(LedgerEntry.of(file, LedgerIndex.Outcome.FAILED, error));
        }
    }

    boolean isDue(boolean all) {
        return characters >= ENOUGH || (all && !lines.isEmpty());
    }

    FileLedger state() {
        return new FileLedger(objects, lines, problem);
    }

    /** The lines of an earlier state are written, or lost for a reason that is not null. */
    void written(FileLedger state, int attempt, String why) {
        int count = state.lines().size();
        FileLedger rest = why == null ? state().written(attempt, count) : state().lost(count, why);
        objects = rest.objects();
        problem = rest.problem();
        lines.clear();
        lines.addAll(rest.lines());
        characters = lines.stream().mapToLong(String::length).sum();
    }
}
