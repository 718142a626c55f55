package org.redisbackup.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.redisbackup.rdb.KeyBatch;

/**
 * A batch on its way to the servers that its keys belong to, in rounds: its records are divided into parts, each part is
 * delivered, and what comes back undelivered is divided again. A record is in one part of a round at most, and in the
 * result of the part that settled it, so every key is counted once.
 *
 * <p>One thread divides; the parts end on the threads of their pipelines.
 */
final class RoutedDelivery {
    private final Target target;
    private final KeyBatch batch;
    private final DeliveryRules rules;
    private final RetryBudget budget;
    private final Consumer<RoutedDelivery> onRoundEnd;
    private final CompletableFuture<RestoreResult> future = new CompletableFuture<>();
    private final BitSet doubtful;
    private final FunctionLibraries functions;
    private RestoreResult result = RestoreResult.NONE;
    private List<Undelivered> waiting; // null before the first round
    private boolean functionsDue;
    private long roundEnded;
    private int partsUnderWay;
    private DeliveryException failure;
    private boolean ended;

    /** @param onRoundEnd is given this delivery when a round ended and it did not */
    RoutedDelivery(
            Target target,
            KeyBatch batch,
            DeliveryRules rules,
            FunctionLibraries functions,
            RetryBudget budget,
            Consumer<RoutedDelivery> onRoundEnd) {
        this.target = target;
        this.batch = batch;
        this.rules = rules;
        this.functions = functions;
        this.budget = budget;
        this.onRoundEnd = onRoundEnd;
        doubtful = new BitSet(0);
        functionsDue = !batch.functions().isEmpty() || !batch.scripts().isEmpty();
    }

    CompletableFuture<RestoreResult> future() {
        return future;
    }

    DeliveryRules rules() {
        return rules;
    }

    RetryBudget budget() {
        return budget;
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    /** Whether where keys go has to be asked again, unless it was asked after this {@link System#nanoTime}. */
    synchronized Optional<Long> doubtsTopologySince() {
        boolean doubts = waiting != null
                && waiting.stream().anyMatch(each -> !each.isAskedFor() && each.why() != ReplyKind.OUT_OF_MEMORY);
        return doubts ? Optional.of(roundEnded) : Optional.empty();
    }

    /** How long it waits before the next round. */
    synchronized long pauseMillis() {
        return awaitsRoom() ? Math.max(Attempts.ROOM_MILLIS, budget.pauseMillis()) : budget.pauseMillis();
    }

    /** Whether nothing waits for anything but memory, for which servers wait as long as their pace says. */
    private boolean awaitsRoom() {
        return waiting != null
                && !waiting.isEmpty()
                && waiting.stream().allMatch(each -> each.why() == ReplyKind.OUT_OF_MEMORY);
    }

    /** Tells the map what redirections of the last round said. */
    synchronized void teach(SlotMap map) {
        if (waiting != null) {
            waiting.stream().filter(Undelivered::isMoved).forEach(each -> {
                int slot = SlotMap.slotOf(batch, each.record());
                map.assign(slot, slot, each.redirection());
            });
        }
    }

    /** Loads the function libraries, once. */
    void loadFunctions(SlotMap map) throws DeliveryException {
        if (functionsDue) {
            Tally tally = new Tally(BatchPart.of(batch, new int[0], false, doubtful));
            functions.load(map.primaries(), tally);
            functionsDue = false;
            count(tally);
        }
    }

    private synchronized void count(Tally tally) {
        result = result.plusPart(tally.result());
    }

    /**
     * Begins a round: every record that is not settled is in one part, unless nobody serves its slot.
     *
     * @return the parts, whose ends are to be told to {@link #partEnded}; none when the delivery has ended or ends here
     */
    Map<BatchPart, Address> nextRound(SlotMap map) {
        Map<BatchPart, Address> parts = new LinkedHashMap<>();
        synchronized (this) {
            if (ended) {
                return Map.of();
            }
            waiting = divide(map, parts);
            partsUnderWay = parts.size();
        }
        if (parts.isEmpty()) {
            endRound();
        }
        return parts;
    }

    /** @return records that nobody is in charge of */
    private List<Undelivered> divide(SlotMap map, Map<BatchPart, Address> parts) {
        if (waiting == null) {
            return divide(IntStream.range(0, batch.size()).toArray(), map, parts);
        }
        Map<Boolean, List<Undelivered>> due =
                waiting.stream().collect(Collectors.partitioningBy(Undelivered::isAskedFor));
        due.get(true).stream()
                .collect(Collectors.groupingBy(Undelivered::redirection))
                .forEach((node, some) -> parts.put(BatchPart.of(batch, recordsOf(some), true, doubtful), node));
        return divide(recordsOf(due.get(false)), map, parts);
    }

    private static int[] recordsOf(List<Undelivered> some) {
        return some.stream().mapToInt(Undelivered::record).sorted().toArray();
    }

    private List<Undelivered> divide(int[] records, SlotMap map, Map<BatchPart, Address> parts) {
        List<Undelivered> homeless = new ArrayList<>(0);
        Map<Address, int[]> byNode = new LinkedHashMap<>();
        Map<Address, Integer> counts = new LinkedHashMap<>();
        for (int record : records) {
            Optional<Address> primary = map.primaryOf(batch, record);
            if (primary.isEmpty()) {
                homeless.add(new Undelivered(
                        record,
                        null,
                        "no node of the cluster " + target.address() + " serves the slot of the key",
                        null,
                        false));
            } else {
                int count = counts.merge(primary.get(), 1, Integer::sum);
                byNode.computeIfAbsent(primary.get(), node -> new int[records.length])[count - 1] = record;
            }
        }
        byNode.forEach((node, some) ->
                parts.put(BatchPart.of(batch, Arrays.copyOf(some, counts.get(node)), false, doubtful), node));
        return homeless;
    }

    /**
     * A part has ended.
     *
     * @param failed why the target can't take keys, or null
     */
    void partEnded(Delivery part, RestoreResult settled, DeliveryException failed) {
        boolean last;
        synchronized (this) {
            result = result.plusPart(settled);
            if (settled.keys() > 0) {
                budget.succeeded();
            }
            waiting.addAll(part.undelivered());
            if (failure == null) {
                failure = failed;
            }
            last = --partsUnderWay == 0;
        }
        if (last) {
            endRound();
        }
    }

    /** A part could not be handed to anybody. */
    void partRefused(BatchPart part, DeliveryException why) {
        Tally tally = new Tally(part);
        tally.failTheRest(why.getMessage());
        boolean last;
        synchronized (this) {
            result = result.plusPart(tally.result());
            failure = failure == null ? why : failure;
            last = --partsUnderWay == 0;
        }
        if (last) {
            endRound();
        }
    }

    private void endRound() {
        DeliveryException why;
        synchronized (this) {
            roundEnded = System.nanoTime();
            waiting.stream()
                    .filter(each -> each.why() == null && each.by() != null)
                    .forEach(each -> doubtful.set(each.record()));
            why = failure;
            if (why == null && waiting.isEmpty()) {
                ended = true;
            } else if (why == null && !awaitsRoom() && !budget.allowsAnother()) {
                why = gaveUp(waiting.get(0).explain());
            }
        }
        if (why != null) {
            fail(why.getMessage(), why.getCause());
        } else if (waiting.isEmpty()) {
            batch.release();
            future.complete(result);
        } else {
            onRoundEnd.accept(this);
        }
    }

    /** The end of the patience. */
    DeliveryException gaveUp(String lastFailure) {
        return new DeliveryException(
                "The keys could not be delivered within " + budget.patience().toSeconds() + " s: " + lastFailure,
                RestoreResult.NONE,
                null);
    }

    /** Ends the delivery, unless parts of it are under way: those end it. What was not settled counts as failed. */
    void fail(String reason, Throwable cause) {
        synchronized (this) {
            if (ended || partsUnderWay > 0) {
                return;
            }
            ended = true;
            int[] rest = waiting == null ? IntStream.range(0, batch.size()).toArray() : recordsOf(waiting);
            Tally tally = new Tally(BatchPart.of(batch, rest, false, doubtful));
            tally.failTheRest(reason);
            result = result.plusPart(tally.result());
        }
        batch.release();
        future.completeExceptionally(new DeliveryException(reason, result, cause));
    }
}
