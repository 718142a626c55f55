package org.redisbackup.redis;

import java.io.IOException;
import org.redisbackup.aof.CommandBatch;

/** Writes the commands of replays to one connection, all of a batch in one go. */
final class ReplayWriter {
    private final TargetConnection connection;
    private final DatabaseSwitch databases;

    ReplayWriter(TargetConnection connection, DatabaseSwitch databases) {
        this.connection = connection;
        this.databases = databases;
    }

    void write(Replay replay) throws IOException {
        CommandBatch batch = replay.batch();
        for (int i = 0; i < batch.size() && !replay.isStopped(); i++) {
            databases.meet(batch.db(i), replay);
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
                databases.write(~command);
            }
        }
    }
}
