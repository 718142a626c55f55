package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;

/** Selects databases on one connection. The caller holds the connection's monitor. */
final class DatabaseSwitch {
    private static final byte[] SELECT = "SELECT".getBytes(US_ASCII);

    private final Target target;
    private final TargetConnection connection;

    DatabaseSwitch(Target target, TargetConnection connection) {
        this.target = target;
        this.connection = connection;
    }

    /**
     * Makes a database {@link Databases#isKnown known}. What is behind a refused SELECT would land in the wrong database;
     * so nothing is sent before it succeeded once.
     *
     * @param shipment stopped when the target refuses more than this database, postponed when only for the moment
     */
    void meet(int db, Shipment shipment) throws IOException {
        Databases databases = connection.databases();
        if (databases.isKnown(db)) {
            return;
        }
        Question.Answer answer = ask(db);
        if (answer.kind() == ReplyKind.OK) {
            databases.usable(db);
            databases.select(db);
        } else if (answer.kind().passes()) {
            shipment.postpone(answer.kind().explain(target, answer.text()));
        } else if (answer.kind().concernsTarget()) {
            shipment.stop(answer.kind().explain(target, answer.text()));
        } else {
            databases.refused(db, lacksDatabase(db, answer.text()));
        }
    }

    private String lacksDatabase(int db, String answer) {
        int count = connection.capabilities().databases();
        if (connection.capabilities().isClusterNode()) {
            return "database " + db + " does not exist on the cluster, which has database 0 (" + target.address()
                    + " answered: " + answer + ")";
        }
        String has = count == TargetCapabilities.UNKNOWN ? "it answered: " + answer : "it has " + count;
        return "database " + db + " does not exist on " + target.address() + " (" + has + ")";
    }

    /** Selects a usable database, if it is not selected yet, and waits for the answer. */
    void select(int db) throws IOException {
        if (connection.databases().selected() != db) {
            Question.Answer answer = ask(db);
            if (answer.kind() != ReplyKind.OK) {
                throw new IOException("it selected database " + db + " before and now refuses to: " + answer.text());
            }
            connection.databases().select(db);
        }
    }

    /** Only sends the command; whoever expects replies gets its reply too. */
    void write(int db) throws IOException {
        connection.out().command(2);
        connection.out().word(SELECT, 0, SELECT.length);
        connection.out().word(db);
    }

    private Question.Answer ask(int db) throws IOException {
        return connection.ask(SELECT, String.valueOf(db).getBytes(US_ASCII));
    }
}
