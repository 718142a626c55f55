package org.redisbackup.redis;

import java.util.ArrayList;
import java.util.List;
import org.redisbackup.rdb.KeyBatch;

/**
 * The passes of a delivery, each over records of one database: which comes next, what it sends, and what is left to be
 * rebuilt.
 *
 * <p>Keys go optimistically: a {@link Pass#GROUPED} pass, then, when they may replace others, a {@link Pass#REPLACING} one
 * for those that exist already. Of a group that was left alone it is not known which do, so its keys go one by one, in a
 * {@link Pass#CAREFUL} or, to replace others, an {@link Pass#ASKING} pass. So the counts are exact and an empty target
 * costs nothing extra. Where most keys of earlier batches existed, it begins with one of those two.
 */
final class Passes {
    private final BatchPart part;
    private final KeyBatch batch;
    private final DeliveryRules rules;
    private final Tally tally;
    private final CommandPlan commands;
    private final List<Integer> rebuilds = new ArrayList<>(0);
    private TargetConnection connection;
    private boolean restoresOnly;
    private Pass running; // null before the first one
    private int database = -1; // of the running pass
    private boolean goesOneByOne; // the next pass, as this one does not tell how some records end
    private boolean streamBegun;

    Passes(BatchPart part, DeliveryRules rules, Tally tally) {
        this.part = part;
        batch = part.batch();
        this.rules = rules;
        this.tally = tally;
        commands = new CommandPlan(batch);
    }

    /**
     * Plans a pass over the records of one database that lie in the arena and are not settled; those that can't be sent are
     * settled here, of whatever database.
     *
     * @return the number of commands
     */
    int plan(TargetConnection connection, Eligibility eligibility) {
        this.connection = connection;
        restoresOnly = connection.restoresOnly();
        rebuilds.clear();
        commands.clear();
        for (int position = 0; position < part.size(); position++) {
            int i = part.record(position);
            if (tally.isSettled(i) || batch.isStreamed(i) || eligibility.settles(tally, batch, i)) {
                continue;
            }
            KeyCommand command = keyCommand(i);
            if (command == KeyCommand.REBUILD) {
                rebuilds.add(i);
                continue;
            }
            if (commands.size() == 0) {
                beginIn(batch.db(i));
            }
            if (batch.db(i) != database) {
                continue; // another pass
            }
            if (running == Pass.GROUPED && command == KeyCommand.SET_MANY) {
                commands.sendGrouped(i);
            } else {
                commands.send(i);
            }
        }
        if (commands.size() == 0) {
            begin(next());
        }
        return commands.size();
    }

    /** Plans the pass of the streamed record; its database is selected and its {@code EXISTS} answered already. */
    void planStream(int i) {
        commands.clear();
        begin(rules.conflictPolicy() == ConflictPolicy.REPLACE ? Pass.ASKING : Pass.CAREFUL);
        streamBegun = true;
        commands.send(i);
    }

    private void beginIn(int db) {
        if (db != database) {
            database = db;
            running = null;
        }
        begin(next());
    }

    private void begin(Pass next) {
        running = next;
        goesOneByOne = false;
    }

    /** Groups are for one server that has all keys; {@code EXISTS} tells nothing where a slot is on its way. */
    private Pass next() {
        if (running == null && !connection.isMostlyOccupied()) {
            return !part.isWhole() || connection.refusesGroups() ? Pass.CAREFUL : Pass.GROUPED;
        } else if (running == null || goesOneByOne) {
            return rules.conflictPolicy() == ConflictPolicy.REPLACE && !part.isAskedFor() ? Pass.ASKING : Pass.CAREFUL;
        }
        return Pass.REPLACING;
    }

    /** Some records of this pass are not settled by it: they need a pass that tells how each of them ends. */
    void goOneByOne() {
        goesOneByOne = true;
    }

    /** All that is not settled goes again from the first pass on, maybe on another connection. */
    void beginAnew() {
        running = null;
        goesOneByOne = false;
    }

    /** The running one, or null when none of them was planned yet. */
    Pass running() {
        return running;
    }

    /** Of all records of the running pass. */
    int database() {
        return database;
    }

    /** Of the running pass. */
    CommandPlan commands() {
        return commands;
    }

    /** What sends a record of the running pass. */
    KeyCommand keyCommand(int i) {
        KeyCommand command = KeyCommand.of(batch, i, connection.capabilities(), rules);
        return restoresOnly && command != KeyCommand.REBUILD ? KeyCommand.RESTORE : command;
    }

    /** Records that the last {@link #plan} left for commands that rebuild them. */
    List<Integer> rebuilds() {
        return rebuilds;
    }

    /** The streamed record while it waits for its turn, else -1. */
    int waitingStream() {
        int last = part.size() == 0 ? -1 : part.record(part.size() - 1);
        return last >= 0 && batch.isStreamed(last) && !tally.isSettled(last) ? last : -1;
    }

    /** The streamed record is about to be rebuilt, so that its value is read from the backup. */
    void rebuildsStream() {
        streamBegun = true;
    }

    /** Whether the value of a streamed record is being read from the backup, or was. */
    boolean isStreamBegun() {
        return streamBegun;
    }

    /** Whether the value of a record was read from the backup already, and is held nowhere. */
    boolean isSpent(int i) {
        return streamBegun && batch.isStreamed(i);
    }
}
