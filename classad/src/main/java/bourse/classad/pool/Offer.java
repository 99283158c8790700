package bourse.classad.pool;

import bourse.classad.ClassAd;

/// @param age grows from offer to offer
record Offer<K>(K id, ClassAd ad, long age) {
    Offer<K> with(ClassAd newer) {
        return new Offer<>(id, newer, age);
    }
}
