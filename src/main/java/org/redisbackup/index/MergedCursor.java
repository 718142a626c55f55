package org.redisbackup.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** The entries of several cursors as one. */
final class MergedCursor extends EntryCursor {
    private record Source(EntryCursor cursor, int number) {}

    private final PriorityQueue<Source> queue = new PriorityQueue<>((one, other) -> compare(one.cursor, other.cursor));
    private final List<Source> due = new ArrayList<>();
    private int source;

    MergedCursor(List<? extends EntryCursor> cursors) {
        for (int i = 0; i < cursors.size(); i++) {
            due.add(new Source(cursors.get(i), i));
        }
    }

    @Override
    boolean next() throws IOException {
        for (Source each : due) {
            if (each.cursor.next()) {
                queue.add(each);
            }
        }
        due.clear();
        Source first = queue.poll();
        if (first == null) {
            return false;
        }
        take(first.cursor);
        source = first.number;
        due.add(first); // its entry is passed, so it moves on with the next call
        return true;
    }

    @Override
    int source() {
        return source;
    }
}
