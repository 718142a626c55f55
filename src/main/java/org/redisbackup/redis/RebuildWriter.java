package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FilterInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.redisbackup.rdb.ElementTooLongException;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.Loss;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.StreamedValue;
import org.redisbackup.rdb.decode.ValueCommands;

/**
 * Puts values on the target by commands. Each is built under a {@link TemporaryKey}, and only when all of it was taken
 * it gets its name, in one step: nobody sees a part of it. The values of a batch take each step together, and every step
 * waits for its answers.
 *
 * <p>The caller holds the connection's monitor, and none of the records is in a pass.
 */
final class RebuildWriter {
    private static final byte[] ASKING = "ASKING".getBytes(US_ASCII);
    private static final byte[] EXISTS = "EXISTS".getBytes(US_ASCII);
    private static final byte[] RENAME_NEW = "RENAMENX".getBytes(US_ASCII);
    private static final byte[] RENAME = "RENAME".getBytes(US_ASCII);
    private static final byte[] UNLINK = "UNLINK".getBytes(US_ASCII);
    private static final byte[] DELETE = "DEL".getBytes(US_ASCII);

    private final TargetConnection connection;
    private final DatabaseSwitch databases;
    private final ValueCommands commands;
    private final int maxHeld;
    private final byte[] unlink;

    RebuildWriter(TargetConnection connection, DatabaseSwitch databases) {
        this.connection = connection;
        this.databases = databases;
        TargetCapabilities capabilities = connection.capabilities();
        int maxWord = (int) Math.min(capabilities.maxBulkBytes(), Integer.MAX_VALUE / 4);
        commands = new ValueCommands(capabilities.features(), maxWord);
        maxHeld = Math.min(maxWord, RdbLimits.forThisHeap().maxGrown());
        unlink = capabilities.features().unlink() ? UNLINK : DELETE;
    }

    /**
     * Settles the records, or hands them back.
     *
     * @param records whose values lie in the arena and whose databases are usable
     * @throws IOException when the connection breaks
     */
    void write(Delivery delivery, List<Integer> records) throws IOException {
        Map<Integer, List<Integer>> byDatabase = records.stream()
                .collect(Collectors.groupingBy(delivery.batch()::db, LinkedHashMap::new, Collectors.toList()));
        for (Map.Entry<Integer, List<Integer>> some : byDatabase.entrySet()) {
            if (!delivery.isStopped()) {
                databases.select(some.getKey());
                rebuild(delivery, withoutThoseThatStay(delivery, some.getValue()));
            }
        }
    }

    /** As {@link #write}, for the one record that is streamed, whose database is selected. */
    void writeStreamed(Delivery delivery, int i) throws IOException {
        rebuild(delivery, List.of(i));
    }

    /** Where keys that exist stay as they are, it is cheaper to ask first. */
    private List<Integer> withoutThoseThatStay(Delivery delivery, List<Integer> records) throws IOException {
        if (delivery.policy() == ConflictPolicy.REPLACE) {
            return records;
        }
        Map<Integer, Question> questions = new LinkedHashMap<>();
        for (int i : records) {
            questions.put(i, put(delivery, EXISTS, delivery.batch().key(i)));
        }
        connection.flushQuestions();
        List<Integer> rest = new ArrayList<>();
        for (Map.Entry<Integer, Question> question : questions.entrySet()) {
            Question.Answer answer = question.getValue().await();
            if (answer.kind() == ReplyKind.OK && answer.text().equals("1")) {
                delivery.settlement().settleExisting(question.getKey());
            } else {
                rest.add(question.getKey());
            }
        }
        return rest;
    }

    private void rebuild(Delivery delivery, List<Integer> records) throws IOException {
        long now = System.currentTimeMillis();
        List<Rebuild> rebuilds = new ArrayList<>(records.size());
        for (int i : records) {
            rebuilds.add(build(delivery, i, now));
        }
        connection.flushQuestions();
        List<Rebuild> whole = new ArrayList<>(records.size());
        List<Rebuild> useless = new ArrayList<>();
        for (Rebuild rebuild : rebuilds) {
            rebuild.await();
            (settlesUnlessWhole(delivery, rebuild) ? useless : whole).add(rebuild);
        }
        useless.addAll(rename(delivery, whole));
        unlink(delivery, useless);
    }

    /** Waits for it: who learns that the keys are settled may close the connection. */
    private void unlink(Delivery delivery, List<Rebuild> useless) throws IOException {
        Question last = null;
        for (Rebuild rebuild : useless) {
            if (!rebuild.isDiscarded()) {
                last = put(delivery, unlink, rebuild.name());
            }
        }
        if (last != null) {
            connection.flushQuestions();
            last.await();
        }
    }

    private Rebuild build(Delivery delivery, int i, long now) throws IOException {
        KeyBatch batch = delivery.batch();
        byte[] name = TemporaryKey.of(batch, i, connection.capabilities().isClusterNode());
        Rebuild rebuild = new Rebuild(connection, i, name, delivery.part().isAskedFor());
        connection.expect(rebuild);
        try {
            Set<Loss> losses = batch.isStreamed(i)
                    ? commands.rebuild(batch, i, name, now, rebuild, new Source(batch.streamedValue()), maxHeld)
                    : commands.rebuild(batch, i, name, now, rebuild);
            boolean expires = batch.expireAt(i) != KeyBatch.NO_EXPIRY;
            rebuild.keep(losses, expires ? (Long) batch.expireAt(i) : null);
        } catch (Rebuild.RefusedException e) {
            rebuild.discard(unlink, null);
        } catch (ElementTooLongException e) {
            rebuild.discard(
                    unlink,
                    e.getMessage() + "; give the process a larger heap (-Xmx) where that is the reason, or raise"
                            + " proto-max-bulk-len of the target");
        } catch (RdbFormatException e) {
            rebuild.discard(unlink, "the value is broken: " + e.getMessage());
            if (batch.isStreamed(i)) {
                batch.streamedValue().refuse(e);
            }
        } catch (BrokenValueException e) {
            rebuild.discard(unlink, e.getMessage());
        }
        if (batch.isStreamed(i)) {
            batch.streamedValue().close(); // so that its reader goes on
        }
        return rebuild;
    }

    /**
     * Tells the failures of the backup from those of the connection, and does not ask for the end of a value whose length
     * is known: its reader would go on, and a value that is refused then is refused too late.
     */
    private static final class Source extends FilterInputStream {
        private final long length;
        private long count;

        Source(StreamedValue value) {
            super(value);
            length = value.length();
        }

        @Override
        public int read(byte[] target, int offset, int wanted) throws IOException {
            if (count == length) {
                return -1;
            }
            try {
                int read = super.read(target, offset, wanted);
                count += read;
                return read;
            } catch (IOException e) {
                throw new BrokenValueException(e);
            }
        }
    }

    /** Gives false when the value can get its name. */
    private boolean settlesUnlessWhole(Delivery delivery, Rebuild rebuild) {
        int i = rebuild.record();
        Tally tally = delivery.tally();
        if (rebuild.broken() != null) {
            tally.fail(i, KeyOutcome.FAILED, rebuild.broken());
        } else if (rebuild.refusal() != null) {
            delivery.settlement()
                    .refuse(i, rebuild.refusal().kind(), rebuild.refusal().text());
        } else if (rebuild.isEmpty()) {
            tally.settle(i, KeyOutcome.EXPIRED);
        } else if (!rebuild.isWhole()) {
            tally.fail(
                    i,
                    KeyOutcome.FAILED,
                    "the target dropped the value while it was rebuilt; it may evict keys (maxmemory-policy)");
        } else {
            return delivery.settlement().refusesLosses(i, rebuild.losses());
        }
        return true;
    }

    /** @return those that did not get their name */
    private List<Rebuild> rename(Delivery delivery, List<Rebuild> rebuilds) throws IOException {
        List<Rebuild> existing = new ArrayList<>();
        List<Rebuild> useless = new ArrayList<>();
        List<Question> questions = renames(delivery, rebuilds, RENAME_NEW);
        for (int k = 0; k < questions.size(); k++) {
            Rebuild rebuild = rebuilds.get(k);
            Question.Answer answer = questions.get(k).await();
            if (answer.kind() != ReplyKind.OK) {
                refuse(delivery, rebuild, answer);
                useless.add(rebuild);
            } else if (answer.text().equals("1")) {
                delivery.settlement().rebuilt(rebuild.record(), KeyOutcome.IMPORTED, rebuild.losses());
            } else if (delivery.policy() == ConflictPolicy.REPLACE) {
                existing.add(rebuild);
            } else {
                delivery.settlement().settleExisting(rebuild.record());
                useless.add(rebuild);
            }
        }
        questions = renames(delivery, existing, RENAME);
        for (int k = 0; k < questions.size(); k++) {
            Rebuild rebuild = existing.get(k);
            Question.Answer answer = questions.get(k).await();
            if (answer.kind() == ReplyKind.OK) {
                delivery.settlement().rebuilt(rebuild.record(), KeyOutcome.REPLACED, rebuild.losses());
            } else {
                refuse(delivery, rebuild, answer);
                useless.add(rebuild);
            }
        }
        return useless;
    }

    private List<Question> renames(Delivery delivery, List<Rebuild> rebuilds, byte[] how) throws IOException {
        List<Question> questions = new ArrayList<>(rebuilds.size());
        for (Rebuild rebuild : rebuilds) {
            questions.add(put(delivery, how, rebuild.name(), delivery.batch().key(rebuild.record())));
        }
        connection.flushQuestions();
        return questions;
    }

    /** A key whose time ended meanwhile is not there to be renamed. */
    private static void refuse(Delivery delivery, Rebuild rebuild, Question.Answer answer) {
        long expireAt = delivery.batch().expireAt(rebuild.record());
        if (answer.text().equals("ERR no such key")
                && expireAt != KeyBatch.NO_EXPIRY
                && expireAt <= System.currentTimeMillis()) {
            delivery.tally().settle(rebuild.record(), KeyOutcome.EXPIRED);
        } else {
            delivery.settlement().refuse(rebuild.record(), answer.kind(), answer.text());
        }
    }

    /** Sends a command, some time. */
    private Question put(Delivery delivery, byte[]... words) throws IOException {
        if (delivery.part().isAskedFor()) {
            connection.put(ASKING);
        }
        return connection.put(words);
    }
}
