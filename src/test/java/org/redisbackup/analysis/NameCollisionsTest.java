package org.redisbackup.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.RdbFile;

class NameCollisionsTest {
    private static final RdbLimits LIMITS = new RdbLimits(1 << 20, 1 << 16, 1 << 16);

    @Test
    void keysOfDatabasesThatBecomeOneMeet() throws IOException {
        RdbFile file = new RdbFile("REDIS0010").db(0).strings("a", 1000).db(3).strings("a", 300);
        assertThat(count(file, true)).isEqualTo(new NameCollisions.Count(300, false));
        assertThat(count(file, false)).isEqualTo(new NameCollisions.Count(0, false));
    }

    @Test
    void threeOfANameAreTwoTooMany() throws IOException {
        RdbFile file = new RdbFile("REDIS0010")
                .db(0)
                .string("same", "1")
                .db(1)
                .string("same", "2")
                .db(2)
                .string("same", "3");
        assertThat(count(file, true)).isEqualTo(new NameCollisions.Count(2, false));
    }

    @Test
    void moreKeysThanAreHeldAreEstimated() throws IOException {
        RdbFile file =
                new RdbFile("REDIS0010").db(0).strings("a", 700_000).db(1).strings("a", 200_000);
        NameCollisions.Count count = count(file, true);
        assertThat(count.estimated()).isTrue();
        assertThat(count.keys()).isCloseTo(200_000, Percentage.withPercentage(3));
    }

    private static NameCollisions.Count count(RdbFile file, boolean folded) throws IOException {
        NameCollisions collisions = new NameCollisions();
        try (BatchReader reader = new BatchReader(file.open(), LIMITS, 1000, 1 << 16, 0)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                for (int i = 0; folded && i < batch.size(); i++) {
                    batch.moveTo(i, 0);
                }
                collisions.add(batch);
                batch.release();
            }
        }
        return collisions.count();
    }
}
