package org.redisbackup.redis;

import java.util.function.BooleanSupplier;

/**
 * Who delivers through a pipeline.
 *
 * @param name of its connections, as the target lists them: no blanks
 * @param mayWrite whether it may write to the target at this moment; while not, it waits. Asked often
 */
public record Sender(String name, BooleanSupplier mayWrite) {
    /** One that nobody competes with. */
    public static final Sender ALONE = new Sender(TargetClient.NAME, () -> true);

    /** One of several; the others may end its connections by its name. */
    public static Sender of(String session, BooleanSupplier mayWrite) {
        return new Sender(nameOf(session), mayWrite);
    }

    static String nameOf(String session) {
        return TargetClient.NAME + ":" + session;
    }
}
