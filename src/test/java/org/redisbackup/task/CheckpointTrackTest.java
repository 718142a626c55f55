package org.redisbackup.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.redis.KeyFailure;
import org.redisbackup.redis.KeyOutcome;
import org.redisbackup.redis.OutcomeCounts;
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

    private static RestoreResult failed(int keys) {
        return RestoreResult.ofKeys(
                new OutcomeCounts(0, 0, 0, 0, 0, 0, 0, keys),
                0,
                IntStream.range(0, keys)
                        .mapToObj(i -> new KeyFailure(
                                null, KeyOutcome.FAILED, 0, "key" + i, "key" + i, "string", 9 + i, "it exists"))
                        .toList());
    }

    @Test
    void hasTheFailuresOfExactlyWhatIsSettledWithoutAGap() throws Exception {
        CheckpointTrack track = track(FileCheckpoint.start(FILE));
        handOut(track);
        handOut(track);
        track.settle(1, failed(2));
        assertThat(track.next().ledger().lines()).isEmpty();
        track.settle(0, failed(1));
        assertThat(track.next().ledger().lines())
                .hasSize(3)
                .first()
                .isEqualTo("{\"bucket\":\"bucket\",\"file\":\"a.rdb\",\"etag\":\"etag\",\"database\":0,"
                        + "\"type\":\"string\",\"key\":\"key0\",\"key_base64\":\"a2V5MA==\",\"offset\":9,"
                        + "\"outcome\":\"failed\",\"reason\":\"it exists\"}");
        assertThat(track.dueLedger(false)).as("worth an object").isNull();
    }

    @Test
    void offersNoCheckpointWhoseLedgerIsLargeBeforeItIsWritten() throws Exception {
        CheckpointTrack track = track(FileCheckpoint.start(FILE));
        BackupBatch first = handOut(track);
        BackupBatch second = handOut(track);
        track.settle(0, failed(1));
        assertThat(track.next().pieces()).isEqualTo(first.pieces());
        track.settle(1, failed(5_000));
        assertThat(track.next().pieces()).isEqualTo(first.pieces());
        assertThat(track.next().ledger().lines()).hasSize(1);
        FileLedger due = track.dueLedger(false);
        assertThat(due.lines()).hasSize(5_001);
        track.ledgerWritten(due, 3, null);
        FileCheckpoint next = track.next();
        assertThat(next.pieces()).isEqualTo(first.pieces() + second.pieces());
        assertThat(next.ledger()).isEqualTo(new FileLedger(new TreeMap<>(Map.of(3, 1)), List.of(), null));
        CheckpointTrack later = track(next);
        assertThat(later.next().ledger()).isEqualTo(next.ledger());
    }

    @Test
    void linesThatCanNotBeWrittenAreDroppedAndToldSo() throws Exception {
        CheckpointTrack track = track(FileCheckpoint.start(FILE));
        handOut(track);
        track.settle(0, failed(1));
        track.ledgerWritten(track.dueLedger(true), 1, "no such bucket");
        assertThat(track.next().ledger()).isEqualTo(new FileLedger(new TreeMap<>(), List.of(), "no such bucket"));
    }

    @Test
    void whatWasBrokenOffCountsOnlyWhenTheFileEnds() throws Exception {
        CheckpointTrack track = track(FileCheckpoint.start(FILE));
        handOut(track);
        handOut(track);
        track.settle(1, failed(2));
        track.broken(failed(4));
        assertThat(track.next().ledger()).isEqualTo(FileLedger.NONE);
        track.ending("the file is cut off");
        FileLedger due = track.dueLedger(true);
        assertThat(due.lines()).hasSize(7).last().asString().contains("\"type\":\"file\"", "the file is cut off");
        assertThat(track.next().ledger()).as("while it is being written").isEqualTo(FileLedger.NONE);
        track.ledgerWritten(due, 1, null);
        track.end(FileSnapshot.failed("the file is cut off"));
        assertThat(track.next().end().error()).isEqualTo("the file is cut off");
        assertThat(track.next().ledger().objects()).isEqualTo(Map.of(1, 1));
    }

    @Test
    void keepsNoLinesForNoLedger() throws Exception {
        CheckpointTrack track = new CheckpointTrack(FileCheckpoint.start(FILE), false);
        track.saved(track.next());
        handOut(track);
        track.settle(0, failed(1_000));
        track.broken(failed(1));
        assertThat(track.next().ledger()).isEqualTo(FileLedger.NONE);
        track.ending("it failed");
        assertThat(track.dueLedger(true)).isNull();
    }
}
