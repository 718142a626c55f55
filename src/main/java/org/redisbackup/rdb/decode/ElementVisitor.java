package org.redisbackup.rdb.decode;

import java.io.IOException;
import org.redisbackup.rdb.Element;

/**
 * Is told the elements of a value, in the order of the file. An {@link Element} is valid during the call only. A visitor
 * takes what it is interested in.
 */
public interface ElementVisitor {
    /** A count or time that is not known. */
    long UNKNOWN = -1;

    /** A part of a string; the parts follow each other. */
    default void text(byte[] bytes, int offset, int length) throws IOException {}

    /** An element of a list. */
    default void element(Element element) throws IOException {}

    /** A member of a set or of a sorted set, whose score comes next. */
    default void member(Element member) throws IOException {}

    /** The score of the last member; never not-a-number. */
    default void score(double score) throws IOException {}

    /** The score of the last member, as text that is a number. */
    default void scoreText(Element text) throws IOException {
        score(Scores.parse(text));
    }

    /** A field of a hash or of an entry of a stream; its value comes next. */
    default void field(Element field) throws IOException {}

    /** The value of the last field. */
    default void value(Element value) throws IOException {}

    /** The last field of a hash, whose value was told, ends at this time: Unix milliseconds. */
    default void fieldExpiry(long millis) throws IOException {}

    /**
     * An element of a sparse array.
     *
     * @param index unsigned
     */
    default void arrayElement(long index, Element element) throws IOException {}

    /** A floating-point number in a sparse array. */
    default void arrayElement(long index, double element) throws IOException {}

    /**
     * Where the next element would be added to a sparse array, told before the elements.
     *
     * @param index unsigned
     */
    default void arrayInsertIndex(long index) throws IOException {}

    /** A live entry of a stream, whose fields and values come next. Both halves of its id are unsigned. */
    default void entry(long millis, long sequence) throws IOException {}

    /** The last entry has no more fields. */
    default void entryEnds() throws IOException {}

    /** What a stream knows of itself, told after its entries. */
    default void streamState(StreamState state) throws IOException {}

    /**
     * A consumer group; its consumers come next.
     *
     * @param lastMillis and lastSequence: the id that was delivered last
     * @param entriesRead {@value #UNKNOWN} when it is not known, as in all files before Redis 7.0
     */
    default void group(Element name, long lastMillis, long lastSequence, long entriesRead) throws IOException {}

    /**
     * A consumer of the last group; its pending entries come next. Times are Unix milliseconds.
     *
     * @param seenAt when it last asked for entries
     * @param activeAt when it last got some; {@value #UNKNOWN} for never, and in files before Redis 7.2
     */
    default void consumer(Element name, long seenAt, long activeAt) throws IOException {}

    /**
     * An entry that was delivered to the last consumer and not acknowledged. It may be deleted.
     *
     * @param deliveredAt Unix milliseconds
     * @param deliveries how often it was delivered
     */
    default void pending(long millis, long sequence, long deliveredAt, long deliveries) throws IOException {}

    /** An entry that was delivered, not acknowledged and given back by its consumer. */
    default void givenBack(long millis, long sequence, long deliveredAt, long deliveries) throws IOException {}

    /** A producer whose entries are added once only; the ids that it gave them come next. */
    default void producer(Element id) throws IOException {}

    /** An id that the last producer gave to an entry. */
    default void produced(Element id, long millis, long sequence) throws IOException {}
}
