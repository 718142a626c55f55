package org.redisbackup.redis;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.redisbackup.aof.CommandBatch;

/** Writes the commands of replays to one connection, all of a batch in one go. */
final class ReplayWriter {
    private static final int TIMEOUT_MILLIS = 5000;

    private final Target target;
    private final Map<String, Long> executed = new HashMap<>(); // pieces, by the mark of their import
    private final TargetConnection connection;
    private final DatabaseSwitch databases;

    ReplayWriter(Target target, TargetConnection connection, DatabaseSwitch databases) {
        this.target = target;
        this.connection = connection;
        this.databases = databases;
    }

    void write(Replay replay) throws IOException {
        CommandBatch batch = replay.batch();
        if (replay.mark() != null) {
            replay.executedBefore(executed(replay.mark()));
        }
        for (int i = 0; i < batch.size() && !replay.isStopped() && !replay.isPostponed(); i++) {
            databases.meet(batch.db(i), replay);
        }
        if (replay.isPostponed()) {
            replay.complete();
            return;
        }
        if (replay.isStopped() || replay.plan(connection) == 0) {
            replay.finish();
            return;
        }
        connection.expect(replay);
        for (int position = 0; position < replay.commandCount(); position++) {
            int command = replay.command(position);
            if (command >= 0) {
                connection.out().raw(batch.arena(), batch.start(command), batch.length(command));
            } else {
                writeFrame(command, replay.mark());
            }
        }
    }

    private void writeFrame(int command, ReplayMark mark) throws IOException {
        CommandWriter out = connection.out();
        switch (command) {
            case Replay.BEGIN -> out.command("MULTI");
            case Replay.MARK ->
                out.command("SET", mark.key(), Long.toString(mark.after()), "EX", Long.toString(ReplayMark.SECONDS));
            case Replay.COMMIT -> out.command("EXEC");
            default -> databases.write(~command);
        }
    }

    /** Asked once a connection: what is sent over this one is known. */
    private long executed(ReplayMark mark) throws IOException {
        Long known = executed.get(mark.key());
        if (known == null) {
            known = mark.executed(target, TIMEOUT_MILLIS);
            executed.put(mark.key(), known);
        }
        return known;
    }
}
