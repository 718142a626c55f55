package org.redisbackup.rdb.decode;

import org.redisbackup.rdb.Element;

/** Counts the bytes of a string, the elements of a collection, the live entries of a stream. */
final class ElementCounter implements ElementVisitor {
    private long count;
    private boolean inEntry;

    long count() {
        return count;
    }

    @Override
    public void text(byte[] bytes, int offset, int length) {
        count += length;
    }

    @Override
    public void element(Element element) {
        count++;
    }

    @Override
    public void member(Element member) {
        count++;
    }

    @Override
    public void field(Element field) {
        count += inEntry ? 0 : 1;
    }

    @Override
    public void arrayElement(long index, Element element) {
        count++;
    }

    @Override
    public void arrayElement(long index, double element) {
        count++;
    }

    @Override
    public void entry(long millis, long sequence) {
        inEntry = true;
        count++;
    }
}
