package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import org.redisbackup.rdb.KeyBatch;

/**
 * Writes the passes of deliveries to one connection. What must be known before keys are sent (function libraries and scripts,
 * databases never used before, whether the key of a streamed value exists) is asked, which waits for the reply.
 */
final class BatchWriter {
    private static final byte[] EXISTS = "EXISTS".getBytes(US_ASCII);
    private static final byte[] ASKING = "ASKING".getBytes(US_ASCII);
    private static final byte[] FUNCTION = "FUNCTION".getBytes(US_ASCII);
    private static final byte[] SCRIPT = "SCRIPT".getBytes(US_ASCII);
    private static final byte[] LOAD = "LOAD".getBytes(US_ASCII);
    private static final byte[] REPLACE = "REPLACE".getBytes(US_ASCII);

    private final Target target;
    private final TargetConnection connection;
    private final RestoreCommand restore;
    private final SetCommand set;
    private final DatabaseSwitch databases;
    private final ReplayWriter replays;
    private final RebuildWriter rebuilds;

    BatchWriter(Target target, TargetConnection connection) {
        this.target = target;
        this.connection = connection;
        restore = new RestoreCommand(connection.out());
        set = new SetCommand(connection.out());
        databases = new DatabaseSwitch(target, connection);
        replays = new ReplayWriter(target, connection, databases);
        rebuilds = new RebuildWriter(connection, databases);
    }

    /**
     * Sends the commands of a replay. The caller holds the connection's monitor.
     *
     * @throws IOException when the connection breaks
     */
    void write(Replay replay) throws IOException {
        replays.write(replay);
    }

    /**
     * Sends the next pass of a delivery, or finishes the delivery when there is nothing to send. The caller holds the
     * connection's monitor.
     *
     * @throws BrokenValueException when the backup breaks off in the middle of a streamed value
     * @throws IOException when the connection breaks
     */
    void write(Delivery delivery) throws IOException {
        if (delivery.takeCode()) {
            loadFunctions(delivery);
            if (!delivery.isPostponed()) {
                loadScripts(delivery);
            }
        }
        if (!isHeldUp(delivery)) {
            selectNewDatabases(delivery);
        }
        if (isHeldUp(delivery)) {
            delivery.finish();
        } else if (delivery.plan(connection, eligibility()) > 0) {
            int database = delivery.passes().database();
            databases.select(database); // what is behind a refused one would land in the wrong database
            writeCommands(delivery);
        } else {
            rebuilds.write(delivery, delivery.passes().rebuilds());
            int stream = delivery.passes().waitingStream();
            if (!delivery.isStopped() && stream >= 0) {
                writeStream(delivery, stream);
            } else {
                delivery.finish();
            }
        }
    }

    private Eligibility eligibility() {
        return new Eligibility(target, connection, System.currentTimeMillis());
    }

    private void writeCommands(Delivery delivery) throws IOException {
        connection.expect(delivery);
        CommandPlan plan = delivery.passes().commands();
        for (int position = 0; position < plan.size(); position++) {
            int command = plan.command(position);
            if (plan.records(position) > 1) {
                set.writeMany(delivery.batch(), command, plan.records(position));
            } else {
                writeRecord(delivery, command);
            }
        }
    }

    private void writeRecord(Delivery delivery, int i) throws IOException {
        KeyBatch batch = delivery.batch();
        if (delivery.part().isAskedFor()) {
            connection.out().command(1);
            connection.out().word(ASKING, 0, ASKING.length);
        } else if (delivery.passes().running() == Pass.ASKING) {
            connection.out().command(2);
            connection.out().word(EXISTS, 0, EXISTS.length);
            connection.out().word(batch.arena(), batch.keyOffset(i), batch.keyLength(i));
        }
        boolean replace = delivery.passes().running().replaces();
        switch (delivery.passes().keyCommand(i)) {
            case RESTORE -> restore.write(batch, i, replace);
            case SET, SET_MANY -> set.write(batch, i, replace);
            case REBUILD -> throw new IllegalStateException("what is rebuilt is in no pass");
        }
    }

    /** All earlier commands are answered before the value goes out, so that a value that breaks off harms no other. */
    private void writeStream(Delivery delivery, int i) throws IOException {
        KeyBatch batch = delivery.batch();
        if (eligibility().settles(delivery.tally(), batch, i)) {
            delivery.finish();
            return;
        }
        databases.select(batch.db(i));
        if (delivery.part().isAskedFor()) {
            connection.ask(ASKING);
        }
        Question.Answer exists = connection.ask(EXISTS, batch.key(i));
        if (exists.kind() != ReplyKind.OK) {
            delivery.settlement().refuse(i, exists.kind(), exists.text());
            delivery.finish();
            return;
        }
        boolean held = exists.text().equals("1");
        if (held && delivery.policy() != ConflictPolicy.REPLACE) {
            delivery.settlement().settleExisting(i);
            delivery.finish();
            return;
        }
        if (delivery.passes().keyCommand(i) == KeyCommand.REBUILD) {
            delivery.passes().rebuildsStream();
            rebuilds.writeStreamed(delivery, i);
            delivery.finish();
            return;
        }
        if (delivery.part().isAskedFor()) {
            connection.ask(ASKING);
        }
        delivery.planStream(i, held);
        connection.expect(delivery);
        restore.writeStreamed(batch, i, delivery.passes().running().replaces());
    }

    private void selectNewDatabases(Delivery delivery) throws IOException {
        KeyBatch batch = delivery.batch();
        int before = -1;
        for (int position = 0; position < delivery.part().size() && !isHeldUp(delivery); position++) {
            int db = batch.db(delivery.part().record(position));
            if (db != before) {
                databases.meet(db, delivery);
            }
            before = db;
        }
    }

    private static boolean isHeldUp(Delivery delivery) {
        return delivery.isStopped() || delivery.isPostponed();
    }

    private void loadFunctions(Delivery delivery) throws IOException {
        for (byte[] code : delivery.batch().functions()) {
            Question.Answer answer = delivery.policy() == ConflictPolicy.REPLACE
                    ? connection.ask(FUNCTION, LOAD, REPLACE, code)
                    : connection.ask(FUNCTION, LOAD, code);
            if (answer.kind() == ReplyKind.OK
                    || (delivery.part().isDoubtful() && answer.text().endsWith("already exists"))) {
                delivery.tally().functionLoaded();
            } else if (answer.kind().passes()) {
                delivery.postponeCode(answer.kind().explain(target, answer.text()));
                return;
            } else if (!(delivery.policy() == ConflictPolicy.SKIP
                    && answer.text().endsWith("already exists"))) {
                refuseFunction(delivery, code, answer);
            }
        }
    }

    private void refuseFunction(Delivery delivery, byte[] code, Question.Answer answer) {
        delivery.tally().functionFailed(code, "the target refused the library (it answered: " + answer.text() + ")");
        stopIfTargetIsUnusable(delivery, answer);
    }

    private void loadScripts(Delivery delivery) throws IOException {
        for (byte[] code : delivery.batch().scripts()) {
            Question.Answer answer = connection.ask(SCRIPT, LOAD, code);
            if (answer.kind() == ReplyKind.OK) {
                delivery.tally().scriptLoaded();
            } else if (answer.kind().passes()) {
                delivery.postponeCode(answer.kind().explain(target, answer.text()));
                return;
            } else {
                delivery.tally()
                        .scriptFailed(code, "the target refused the script (it answered: " + answer.text() + ")");
                stopIfTargetIsUnusable(delivery, answer);
            }
        }
    }

    /** A user who may not load code may still be one who may restore keys. */
    private void stopIfTargetIsUnusable(Delivery delivery, Question.Answer answer) {
        if (answer.kind().concernsTarget() && answer.kind() != ReplyKind.NO_PERMISSION) {
            delivery.stop(answer.kind().explain(target, answer.text()));
        }
    }
}
