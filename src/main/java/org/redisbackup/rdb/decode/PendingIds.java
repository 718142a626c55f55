package org.redisbackup.rdb.decode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects the ids of all pending entries of a stream, in order. */
final class PendingIds implements ElementVisitor {
    private final List<StreamId> ids = new ArrayList<>();

    List<StreamId> sorted() {
        Collections.sort(ids);
        return ids;
    }

    @Override
    public void pending(long millis, long sequence, long deliveredAt, long deliveries) {
        ids.add(new StreamId(millis, sequence));
    }
}
