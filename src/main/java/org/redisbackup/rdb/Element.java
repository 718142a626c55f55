package org.redisbackup.rdb;

/**
 * A string of bytes that is part of a value, or an integer, which stands for its decimal text. One is reused for many:
 * who is given one looks at it at once or copies it.
 */
public class Element {
    private static final int LONGEST_NUMBER = 20;

    private final byte[] digits = new byte[LONGEST_NUMBER];
    private byte[] bytes;
    private int start;
    private int length;
    private long number;
    private boolean isNumber;

    /** Whether it is stored as an integer. */
    public final boolean isNumber() {
        return isNumber;
    }

    /** The integer, when it {@link #isNumber}. */
    public final long number() {
        return number;
    }

    /** Where the text lies: {@link #length} bytes from {@link #start}. */
    public final byte[] bytes() {
        if (bytes == null) {
            if (isNumber) {
                writeDigits();
            } else {
                produceText();
            }
        }
        return bytes;
    }

    /** To be asked after {@link #bytes}. */
    public final int start() {
        return start;
    }

    /** Bytes of the text. Of an element that {@link #isNumber}, to be asked after {@link #bytes}. */
    public final int length() {
        return length;
    }

    public final void setNumber(long value) {
        number = value;
        isNumber = true;
        bytes = null;
    }

    public final void setText(byte[] source, int from, int count) {
        bytes = source;
        start = from;
        length = count;
        isNumber = false;
    }

    /** The text has so many bytes, which {@link #produceText} gives when they are asked for. */
    protected final void setTextLater(int count) {
        bytes = null;
        length = count;
        isNumber = false;
    }

    /** Has to call {@link #setText}. */
    protected void produceText() {
        throw new IllegalStateException("no text was announced");
    }

    private void writeDigits() {
        start = Decimals.write(number, digits);
        length = LONGEST_NUMBER - start;
        bytes = digits;
    }
}
