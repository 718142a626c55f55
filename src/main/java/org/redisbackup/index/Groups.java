package org.redisbackup.index;

import java.io.IOException;

/**
 * The entries of a cursor, those of the same key together: a key may be in several files of a backup, and then it is not
 * known whose value the target has.
 */
final class Groups {
    private final EntryCursor cursor;
    private final Entry group = new Entry();
    private boolean begun;
    private boolean ahead; // the cursor is at the first entry behind the group
    private boolean single;
    private boolean ended;

    private static final class Entry extends EntryCursor {
        @Override
        boolean next() {
            throw new UnsupportedOperationException("it is one entry");
        }
    }

    Groups(EntryCursor cursor) {
        this.cursor = cursor;
    }

    boolean next() throws IOException {
        if (!begun) {
            begun = true;
            ahead = cursor.next();
        }
        if (!ahead) {
            return false;
        }
        group.take(cursor);
        single = true;
        ahead = cursor.next();
        while (ahead && cursor.isSameKey(group)) {
            single = false;
            ahead = cursor.next();
        }
        return true;
    }

    /** Whether there is one entry of the key. */
    boolean isSingle() {
        return single;
    }

    long place() {
        return group.place;
    }

    boolean hasValueOf(Groups other) {
        return group.value != KeyHashes.UNKNOWN && group.value == other.group.value;
    }

    boolean skipTo(Groups other) throws IOException {
        return skipTo(other.group);
    }

    /** Goes on until its key is that of the other, or comes after it. The keys that are asked for rise. */
    boolean skipTo(EntryCursor other) throws IOException {
        if (!begun && !next()) {
            ended = true;
        }
        while (!ended && EntryCursor.compare(group, other) < 0) {
            ended = !next();
        }
        return !ended && group.isSameKey(other);
    }
}
