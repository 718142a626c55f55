package org.redisbackup.task;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/**
 * By what the state Redis knows the tasks of this instance of the service as its own: a sign of life, given again and
 * again. When none comes for as long as the lease lasts, another instance may take them over.
 */
final class Lease {
    /** Much longer than the quarter of a second between two signs of life, so that a pause of the process costs no task. */
    private static final Duration LENGTH = Duration.ofSeconds(15);

    /** This instance takes its lease for over earlier than others do, whatever becomes of its clock and its requests. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    private final TaskStore store;
    private final String owner = UUID.randomUUID().toString();
    private volatile long ends = System.nanoTime();
    private final ReadWriteLock handBack = new ReentrantReadWriteLock();
    private boolean handedBack; // the lock guards it

    Lease(TaskStore store) {
        this.store = store;
    }

    /** Who holds it: a name of this instance, which no other start of the service has. */
    String owner() {
        return owner;
    }

    /** Whether no other instance can have taken over what runs here. */
    boolean isHeld() {
        return System.nanoTime() - ends < 0;
    }

    /** Gives the sign of life that is due before a task is kept. */
    void begin() {
        whileNotHandedBack(() -> store.renewLease(owner, LENGTH, List.of()));
    }

    /**
     * Gives a sign of life.
     *
     * @param running ids of the tasks that this instance runs
     * @param lost is given those that another instance has taken over, before the lease is held again
     */
    void renew(Collection<String> running, Consumer<String> lost) {
        whileNotHandedBack(() -> {
            long before = System.nanoTime();
            store.renewLease(owner, LENGTH, running).forEach(lost);
            ends = before + LENGTH.minus(MARGIN).toNanos();
        });
    }

    /** An instance that ends must not seem to live. */
    private void whileNotHandedBack(Runnable renewal) {
        handBack.readLock().lock();
        try {
            if (!handedBack) {
                renewal.run();
            }
        } finally {
            handBack.readLock().unlock();
        }
    }

    /** This instance ends: what it runs may be taken over at once. */
    void handBack() {
        handBack.writeLock().lock();
        try {
            handedBack = true;
            ends = System.nanoTime();
            store.endLease(owner);
        } finally {
            handBack.writeLock().unlock();
        }
    }
}
