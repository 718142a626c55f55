package org.redisbackup.task;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far the ledger of one file is, as its checkpoint has it.
 *
 * @param objects how many each attempt at the task has written, by attempt; all that count
 * @param lines that are in none of them yet
 * @param problem why lines are missing, as one sentence, or null when none are
 */
record FileLedger(TreeMap<Integer, Integer> objects, List<String> lines, String problem) {
    static final FileLedger NONE = new FileLedger(new TreeMap<>(), List.of(), null);

    FileLedger {
        lines = List.copyOf(lines);
    }

    /** How many objects the attempt has written. */
    int objectsOf(int attempt) {
        return objects.getOrDefault(attempt, 0);
    }

    /** One more object has the first so many lines. */
    FileLedger written(int attempt, int count) {
        TreeMap<Integer, Integer> more = new TreeMap<>(objects);
        more.merge(attempt, 1, Integer::sum);
        return new FileLedger(more, lines.subList(count, lines.size()), problem);
    }

    /** The first so many lines could not be written. */
    FileLedger lost(int count, String why) {
        return new FileLedger(objects, lines.subList(count, lines.size()), problem == null ? why : problem);
    }

    /** What the index says of the objects. */
    List<LedgerIndex.Objects> objects(LedgerPlace place, String uri) {
        return objects.entrySet().stream()
                .map((Map.Entry<Integer, Integer> each) ->
                        new LedgerIndex.Objects(place.object(uri, each.getKey(), 1), each.getValue()))
                .toList();
    }
}
