package bourse.protocol;

/// A signed offer, good for a [#volume] of tasks. The fields keep the names and the order of their ABI, for
/// their hash is what is signed (EIP-712).
///
/// An address in a `…restrict` field, where it is not [Address#ZERO], is the only one served, or a group
/// contract (ERC-734) whose members are.
public sealed interface Order {
    /// How many tasks the order may serve, over all its deals; 1 to 2⁶³−1.
    long volume();

    /// Makes orders with the same terms differ.
    Bytes32 salt();

    /// @param appprice what the app's owner gets for each task
    record App(
            Address app,
            Rlc appprice,
            long volume,
            Tag tag,
            Address datasetrestrict,
            Address workerpoolrestrict,
            Address requesterrestrict,
            Bytes32 salt)
            implements Order {
        public App {
            checkVolume(volume);
        }

        /// Anyone may use `app` with anything, at `price`.
        public static App open(Address app, Rlc price, long volume) {
            return new App(app, price, volume, Tag.NONE, Address.ZERO, Address.ZERO, Address.ZERO, Bytes32.random());
        }

        /// `requester` alone may use `app`, for nothing.
        public static App to(Address requester, Address app, long volume) {
            return new App(app, Rlc.ZERO, volume, Tag.NONE, Address.ZERO, Address.ZERO, requester, Bytes32.random());
        }
    }

    /// @param datasetprice what the dataset's owner gets for each task
    record Dataset(
            Address dataset,
            Rlc datasetprice,
            long volume,
            Tag tag,
            Address apprestrict,
            Address workerpoolrestrict,
            Address requesterrestrict,
            Bytes32 salt)
            implements Order {
        /// Stands for "no dataset" in a match.
        public static final Dataset NONE = new Dataset(
                Address.ZERO, Rlc.ZERO, 0, Tag.NONE, Address.ZERO, Address.ZERO, Address.ZERO, Bytes32.ZERO);

        public Dataset {
            if (volume != 0 || !dataset.isZero()) {
                checkVolume(volume);
            }
        }
    }

    /// @param workerpoolprice what scheduler and workers get for each task
    /// @param trust the highest trust that the pool serves
    record Workerpool(
            Address workerpool,
            Rlc workerpoolprice,
            long volume,
            Tag tag,
            long category,
            long trust,
            Address apprestrict,
            Address datasetrestrict,
            Address requesterrestrict,
            Bytes32 salt)
            implements Order {
        public Workerpool {
            checkVolume(volume);
            checkCategoryAndTrust(category, trust);
        }

        /// What the pool's owner has to have free for each task of a deal: PoCo's constant, 30 % of the price.
        public Rlc stake() {
            return workerpoolprice.percent(30);
        }

        /// Anyone may send any task of `category`, at `price`.
        public static Workerpool open(Address workerpool, Rlc price, long volume, long category, long trust) {
            return new Workerpool(
                    workerpool,
                    price,
                    volume,
                    Tag.NONE,
                    category,
                    trust,
                    Address.ZERO,
                    Address.ZERO,
                    Address.ZERO,
                    Bytes32.random());
        }
    }

    /// @param trust how sure the result must be: at 10 the voters are 90 % credible, at 100 they are 99 %; 0
    ///     and 1 take the first result
    /// @param beneficiary who may read the result
    /// @param callback the contract that is told the result, or [Address#ZERO]
    /// @param params the task's parameters as JSON, see [Params]
    record Request(
            Address app,
            Rlc appmaxprice,
            Address dataset,
            Rlc datasetmaxprice,
            Address workerpool,
            Rlc workerpoolmaxprice,
            Address requester,
            long volume,
            Tag tag,
            long category,
            long trust,
            Address beneficiary,
            Address callback,
            String params,
            Bytes32 salt)
            implements Order {
        /// With which the salt begins of who wants to be sponsored: the first six bytes of keccak256("sponsored").
        private static final String SPONSORED = "dbd46d7dad44";

        public Request {
            checkVolume(volume);
            checkCategoryAndTrust(category, trust);
        }

        /// A free app on the pool of an offer, at its price, for the requester himself.
        public static Request of(
                Address app,
                Workerpool offer,
                Address requester,
                long volume,
                long trust,
                Address callback,
                String params,
                Bytes32 salt) {
            return new Request(
                    app,
                    Rlc.ZERO,
                    Address.ZERO,
                    Rlc.ZERO,
                    offer.workerpool(),
                    offer.workerpoolprice(),
                    requester,
                    volume,
                    Tag.NONE,
                    offer.category(),
                    trust,
                    requester,
                    callback,
                    params,
                    salt);
        }

        /// The same, for machines that have what `tag` says.
        public Request withTag(Tag tag) {
            return with(tag, salt);
        }

        /// The same, for `sponsor` alone to pay. Six bytes of the salt's are random.
        public Request sponsoredBy(Address sponsor) {
            return with(tag, new Bytes32(SPONSORED + Bytes32.random().hex().substring(0, 12) + sponsor.hex()));
        }

        private Request with(Tag otherTag, Bytes32 otherSalt) {
            return new Request(
                    app,
                    appmaxprice,
                    dataset,
                    datasetmaxprice,
                    workerpool,
                    workerpoolmaxprice,
                    requester,
                    volume,
                    otherTag,
                    category,
                    trust,
                    beneficiary,
                    callback,
                    params,
                    otherSalt);
        }

        /// Who pays: the requester, or the sponsor whom the salt names.
        public Address payer() {
            return salt.hex().startsWith(SPONSORED) ? new Address(salt.hex().substring(24)) : requester;
        }

        /// The most that one task may cost.
        public Rlc maxPrice() {
            var computing = appmaxprice.plus(workerpoolmaxprice);
            return dataset.isZero() ? computing : computing.plus(datasetmaxprice);
        }
    }

    private static void checkVolume(long volume) {
        if (volume < 1) {
            throw new Malformed("an order's volume is at least 1, this is " + volume);
        }
    }

    private static void checkCategoryAndTrust(long category, long trust) {
        if (category < 0 || trust < 0) {
            throw new Malformed("category %d and trust %d must not be negative".formatted(category, trust));
        }
    }
}
