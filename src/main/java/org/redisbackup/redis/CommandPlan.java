package org.redisbackup.redis;

import java.util.Arrays;
import org.redisbackup.rdb.KeyBatch;

/** The commands of one pass, in the order in which they are sent: each sends records of one database. */
final class CommandPlan {
    private final KeyBatch batch;
    private final KeyGroup group = new KeyGroup();

    /** The index of the first record that it sends. */
    private int[] commands = new int[0];

    /** Of the command at the same place: consecutive records that it sends. */
    private int[] records = new int[0];

    private int size;
    private boolean openGroup;

    CommandPlan(KeyBatch batch) {
        this.batch = batch;
    }

    void clear() {
        size = 0;
        openGroup = false;
    }

    /** Adds a record that has a command of its own. */
    void send(int i) {
        add(i);
        openGroup = false;
    }

    /** Adds a record to the last command when both may be sent at once, else as one that others may join. */
    void sendGrouped(int i) {
        if (openGroup && commands[size - 1] + records[size - 1] == i && group.adds(batch, i)) {
            records[size - 1]++;
        } else {
            add(i);
            group.begin(batch, i);
            openGroup = true;
        }
    }

    private void add(int command) {
        if (size == commands.length) {
            int capacity = Math.max(batch.size() + 1, size * 2);
            commands = Arrays.copyOf(commands, capacity);
            records = Arrays.copyOf(records, capacity);
        }
        records[size] = 1;
        commands[size++] = command;
    }

    int size() {
        return size;
    }

    /** The first record's index. */
    int command(int position) {
        return commands[position];
    }

    /** Of the command at this position: the number of consecutive records, from {@link #command} on. */
    int records(int position) {
        return records[position];
    }
}
