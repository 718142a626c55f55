package org.redisbackup.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.source.BackupFile;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.RdbFile;

/** From where a file would go on. */
class CheckpointTrackTest {
    private static final BackupFile FILE = new BackupFile("bucket", "a.rdb", "etag", 1, Instant.EPOCH);
    private static final RdbFile DUMP = new RdbFile("REDIS0010").strings("key", 300_000);
    private static final RdbLimits LIMITS = new RdbLimits(1 << 20, 1 << 16, 1 << 16);

    private final BatchReader reader = new BatchReader(DUMP.open(), LIMITS, 10_000, 1 << 20, 0);

    private static CheckpointTrack track(FileCheckpoint from) {
        CheckpointTrack track = new CheckpointTrack(from, true);
        track.saved(track.next());
        return track;
    }

    private BackupBatch handOut(CheckpointTrack track) throws Exception {
        BackupBatch batch = reader.next();
        track.handOut(batch);
        return batch;
    }

    @Test
    void passesOnlyWhatIsSettledWithoutAGap() throws Exception {
        CheckpointTrack track = track(FileCheckpoint.start(FILE));
        BackupBatch first = handOut(track);
        BackupBatch second = handOut(track);
        handOut(track);
        track.settle(1, RestoreResult.NONE);
        assertThat(track.next().pieces()).isZero();
        track.settle(0, RestoreResult.NONE);
        assertThat(track.next().pieces()).isEqualTo(first.pieces() + second.pieces());
        assertThat(track.next().place()).isEqualTo(second.checkpoint());
    }

    @Test
    void handsNothingOutThatNoCheckpointPromised() throws Exception {
        CheckpointTrack track = track(FileCheckpoint.start(FILE));
        long promised = track.saved().promised();
        long handedOut = 0;
        for (; handedOut < promised; handedOut += 10_000) {
            handOut(track);
        }
        CompletableFuture<Void> next = CompletableFuture.runAsync(() -> {
            try {
                handOut(track);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(next).isNotDone();
        track.saved(track.next());
        Conditions.await(next::isDone);
        assertThat(next).isCompleted();
        assertThat(track.saved().promised()).isGreaterThan(promised);
    }

    @Test
    void knowsWhatAnEarlierRunMayHaveSent() throws Exception {
        CheckpointTrack track = track(new FileCheckpoint(FILE, 100, null, 20_000, RestoreResult.NONE, null, null));
        assertThat(track.isMaybeSent(19_999)).isTrue();
        assertThat(track.isMaybeSent(20_000)).isFalse();
        assertThat(track.handOut(reader.next())).isEqualTo(100);
    }

    @Test
    void whoWaitsLearnsThatTheFileIsBrokenOff() {
        CheckpointTrack track = new CheckpointTrack(FileCheckpoint.start(FILE), true);
        track.breakOff();
        assertThatThrownBy(() -> handOut(track)).isInstanceOf(IOException.class);
    }
}
