//! Time stamps of an authority (RFC 3161): the question, and what is read of the answer.
//!
//! The token is a CMS signature of the authority over the digest of the manifest and a time. It is
//! read strictly (DER only, one signer) and its signature is checked; whether its signer is to be
//! believed is told by the certificates that whoever verifies it trusts.

use der::asn1::AnyRef;
use der::{Decode as _, Reader as _, SliceReader, Tag, Tagged as _};
use ground::{Chance, Instant};
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use webpki::{EndEntityCert, KeyUsage};

use crate::sha256_hex;

/// Media type of a question.
pub const QUERY_TYPE: &str = "application/timestamp-query";

const SHA256_OID: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const SHA384_OID: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02];
const SHA512_OID: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03];
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const TST_INFO: &[u8] = &[
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04,
];
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
/// The purpose a time stamp's certificate must have (RFC 3161, 2.3).
const TIME_STAMPING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];

/// Why an answer is no time stamp.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StampFault {
    /// It does not have the form of one.
    #[error("it does not have the form of a time stamp: {0}")]
    Form(&'static str),
    /// The authority says no.
    #[error("the authority refused (status {0})")]
    Refused(u8),
    /// It is of something else, or of another question.
    #[error("it is not the answer to this question")]
    OtherQuestion,
    /// The signature is not by the certificate in it.
    #[error("its signature does not hold")]
    Signature,
    /// The certificate is not one that is trusted for this.
    #[error("its certificate is not trusted: {0}")]
    Untrusted(String),
}

impl From<der::Error> for StampFault {
    fn from(_: der::Error) -> Self {
        Self::Form("it is not DER")
    }
}

/// What is stamped: SHA-256 of the manifest's bytes.
#[must_use]
pub fn imprint(manifest: &[u8]) -> [u8; 32] {
    Sha256::digest(manifest).into()
}

/// A question, and the number by which its answer is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// To be sent, DER.
    pub bytes: Vec<u8>,
    imprint: [u8; 32],
    nonce: [u8; 8],
}

/// Asks for a stamp over a digest, with the authority's certificate in the answer.
#[must_use]
pub fn question(imprint: [u8; 32], chance: &Chance) -> Question {
    let mut nonce: [u8; 8] = chance.bytes();
    // A positive number without leading zeros has one spelling.
    nonce[0] = nonce[0] & 0x7f | 0x40;
    let mut algorithm = vec![0x06, 9];
    algorithm.extend_from_slice(SHA256_OID);
    algorithm.extend_from_slice(&[0x05, 0]);
    let mut what = wrap(0x30, &algorithm);
    what.extend(wrap(0x04, &imprint));
    let mut inner = vec![0x02, 1, 1];
    inner.extend(wrap(0x30, &what));
    inner.extend(wrap(0x02, &nonce));
    inner.extend_from_slice(&[0x01, 1, 0xff]);
    Question {
        bytes: wrap(0x30, &inner),
        imprint,
        nonce,
    }
}

/// One short value; everything in a question is under 128 bytes.
fn wrap(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut out = vec![tag, u8::try_from(value.len()).unwrap_or(0x7f)];
    out.extend_from_slice(value);
    out
}

impl Question {
    /// Reads the authority's answer: the token to be kept, and what it says.
    ///
    /// # Errors
    /// [`StampFault`].
    pub fn answered(&self, response: &[u8]) -> Result<(Vec<u8>, Stamped), StampFault> {
        let mut outer = inside(response, Tag::Sequence)?;
        let mut status = SliceReader::new(outer.next()?.value())?;
        match AnyRef::decode(&mut status)?.value() {
            [0 | 1] => {}
            [other] => return Err(StampFault::Refused(*other)),
            _ => return Err(StampFault::Form("no status")),
        }
        let token = outer.rest()?;
        let stamped = read(token)?;
        if stamped.imprint != self.imprint || stamped.nonce.as_deref() != Some(&self.nonce[..]) {
            return Err(StampFault::OtherQuestion);
        }
        stamped.check_signature(None)?;
        Ok((token.to_vec(), stamped))
    }
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    /// The digest that is stamped.
    pub imprint: [u8; 32],
    /// The time it is said to have been there.
    pub at: Instant,
    nonce: Option<Vec<u8>>,
    content: Vec<u8>,
    certificates: Vec<Vec<u8>>,
    digest_oid: Vec<u8>,
    attributes: Vec<u8>,
    signature: Vec<u8>,
}

/// Whose time stamps are believed.
#[derive(Debug, Clone)]
pub struct Authorities(Vec<TrustAnchor<'static>>);

impl Authorities {
    /// These certificates, DER.
    ///
    /// # Errors
    /// [`StampFault::Untrusted`] when one cannot be read.
    pub fn of(certificates: &[Vec<u8>]) -> Result<Self, StampFault> {
        let anchors = certificates.iter().map(|der| {
            webpki::anchor_from_trusted_cert(&CertificateDer::from(der.as_slice()))
                .map(|anchor| anchor.to_owned())
                .map_err(|fault| StampFault::Untrusted(fault.to_string()))
        });
        anchors.collect::<Result<_, _>>().map(Self)
    }
}

/// A reader over the parts of one value.
struct Parts<'a>(SliceReader<'a>);

impl<'a> Parts<'a> {
    fn next(&mut self) -> Result<AnyRef<'a>, StampFault> {
        Ok(AnyRef::decode(&mut self.0)?)
    }

    fn maybe(&mut self) -> Result<Option<AnyRef<'a>>, StampFault> {
        if self.0.is_finished() {
            Ok(None)
        } else {
            self.next().map(Some)
        }
    }

    /// The next value with its tag and length.
    fn whole(&mut self) -> Result<&'a [u8], StampFault> {
        Ok(self.0.tlv_bytes()?)
    }

    /// The one value that is left, with its tag and length.
    fn rest(&mut self) -> Result<&'a [u8], StampFault> {
        let whole = self.whole()?;
        if self.0.is_finished() {
            Ok(whole)
        } else {
            Err(StampFault::Form("too much"))
        }
    }
}

/// The parts inside the one value that these bytes are.
fn inside(bytes: &[u8], tag: Tag) -> Result<Parts<'_>, StampFault> {
    let any = AnyRef::from_der(bytes)?;
    parts(any, tag)
}

fn parts(any: AnyRef<'_>, tag: Tag) -> Result<Parts<'_>, StampFault> {
    if any.tag() == tag {
        Ok(Parts(SliceReader::new(any.value())?))
    } else {
        Err(StampFault::Form("a part of another kind"))
    }
}

fn context(number: u8) -> Tag {
    Tag::ContextSpecific {
        constructed: true,
        number: der::TagNumber(number.into()),
    }
}

fn expect(any: AnyRef<'_>, oid: &[u8]) -> Result<(), StampFault> {
    let fits = any.tag() == Tag::ObjectIdentifier && any.value() == oid;
    if fits {
        Ok(())
    } else {
        Err(StampFault::Form("another object identifier"))
    }
}

/// Reads a token; its signature is not checked yet.
///
/// # Errors
/// [`StampFault::Form`].
pub fn read(token: &[u8]) -> Result<Stamped, StampFault> {
    let mut info = inside(token, Tag::Sequence)?;
    expect(info.next()?, SIGNED_DATA)?;
    let signed = parts(info.next()?, context(0))?.rest()?;
    let mut signed = inside(signed, Tag::Sequence)?;
    let (_version, _digests) = (signed.next()?, signed.next()?);
    let mut content = parts(signed.next()?, Tag::Sequence)?;
    expect(content.next()?, TST_INFO)?;
    let content = parts(content.next()?, context(0))?.next()?;
    if content.tag() != Tag::OctetString {
        return Err(StampFault::Form("no content"));
    }
    let (mut certificates, mut signers) = (Vec::new(), None);
    while let Some(part) = signed.maybe()? {
        if part.tag() == context(0) {
            let mut each = parts(part, context(0))?;
            while !each.0.is_finished() {
                certificates.push(each.whole()?.to_vec());
            }
        } else if part.tag() == Tag::Set {
            signers = Some(part);
        }
    }
    let signers = signers.ok_or(StampFault::Form("no signer"))?;
    let signer = parts(signers, Tag::Set)?.rest()?;
    let mut signer = inside(signer, Tag::Sequence)?;
    let (_version, _who) = (signer.next()?, signer.next()?);
    let digest_oid = parts(signer.next()?, Tag::Sequence)?
        .next()?
        .value()
        .to_vec();
    let mut attributes = signer.whole()?.to_vec();
    match attributes.first_mut() {
        // Signed as a set of its own, whatever its place says (RFC 5652, 5.4).
        Some(tag) if *tag == 0xa0 => *tag = 0x31,
        _ => return Err(StampFault::Form("no signed attributes")),
    }
    let (_algorithm, signature) = (signer.next()?, signer.next()?);
    let (imprint, at, nonce) = what_it_says(content.value())?;
    Ok(Stamped {
        imprint,
        at,
        nonce,
        content: content.value().to_vec(),
        certificates,
        digest_oid,
        attributes,
        signature: signature.value().to_vec(),
    })
}

/// Digest, time and nonce of a TSTInfo.
type Says = ([u8; 32], Instant, Option<Vec<u8>>);

/// Reads a TSTInfo.
fn what_it_says(bytes: &[u8]) -> Result<Says, StampFault> {
    let mut info = inside(bytes, Tag::Sequence)?;
    let (_version, _policy) = (info.next()?, info.next()?);
    let mut what = parts(info.next()?, Tag::Sequence)?;
    expect(parts(what.next()?, Tag::Sequence)?.next()?, SHA256_OID)?;
    let imprint = what.next()?.value().try_into();
    let imprint = imprint.map_err(|_| StampFault::Form("no SHA-256 digest"))?;
    let _serial = info.next()?;
    let at = time_of(info.next()?)?;
    let mut nonce = None;
    while let Some(part) = info.maybe()? {
        if part.tag() == Tag::Integer {
            nonce = Some(part.value().to_vec());
        }
    }
    Ok((imprint, at, nonce))
}

/// `20261126111500Z`, with or without a fraction of a second.
fn time_of(any: AnyRef<'_>) -> Result<Instant, StampFault> {
    const FAULT: StampFault = StampFault::Form("no time");
    let text = std::str::from_utf8(any.value()).map_err(|_| FAULT)?;
    let text = text
        .strip_suffix('Z')
        .filter(|text| text.is_ascii())
        .ok_or(FAULT)?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let Some((date, time)) = whole.split_at_checked(8).filter(|_| whole.len() == 14) else {
        return Err(FAULT);
    };
    let spelled = format!("{date}T{time}.{fraction}Z");
    let at: jiff::Timestamp = spelled.parse().map_err(|_| FAULT)?;
    Ok(Instant::from_ms(at.as_millisecond()))
}

impl Stamped {
    /// Checks the signature, and that its certificate leads to one of `authorities` when they are
    /// given. The SHA-256 of the certificate that signed.
    ///
    /// # Errors
    /// [`StampFault::Signature`] or [`StampFault::Untrusted`].
    pub fn check_signature(&self, authorities: Option<&Authorities>) -> Result<String, StampFault> {
        let digest = match self.digest_oid.as_slice() {
            SHA256_OID => Sha256::digest(&self.content).to_vec(),
            SHA384_OID => Sha384::digest(&self.content).to_vec(),
            SHA512_OID => Sha512::digest(&self.content).to_vec(),
            _ => return Err(StampFault::Form("a digest that is not SHA-2")),
        };
        let mut is_token = false;
        let mut is_of_content = false;
        let mut attributes = inside(&self.attributes, Tag::Set)?;
        while let Some(attribute) = attributes.maybe()? {
            let mut attribute = parts(attribute, Tag::Sequence)?;
            let name = attribute.next()?;
            let value = parts(attribute.next()?, Tag::Set)?.next()?;
            is_token |= name.value() == CONTENT_TYPE && value.value() == TST_INFO;
            is_of_content |= name.value() == MESSAGE_DIGEST && value.value() == digest;
        }
        if !(is_token && is_of_content) {
            return Err(StampFault::Signature);
        }
        for der in &self.certificates {
            let der = CertificateDer::from(der.as_slice());
            let Ok(certificate) = EndEntityCert::try_from(&der) else {
                continue;
            };
            let signed = webpki::ALL_VERIFICATION_ALGS.iter().any(|algorithm| {
                certificate
                    .verify_signature(*algorithm, &self.attributes, &self.signature)
                    .is_ok()
            });
            if signed {
                if let Some(authorities) = authorities {
                    self.check_chain(&certificate, authorities)?;
                }
                return Ok(sha256_hex(&der));
            }
        }
        Err(StampFault::Signature)
    }

    fn check_chain(
        &self,
        certificate: &EndEntityCert<'_>,
        authorities: &Authorities,
    ) -> Result<(), StampFault> {
        let between: Vec<CertificateDer<'_>> = self
            .certificates
            .iter()
            .map(|der| CertificateDer::from(der.as_slice()))
            .collect();
        let seconds = u64::try_from(self.at.ms() / 1_000).unwrap_or_default();
        let then = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        certificate
            .verify_for_usage(
                webpki::ALL_VERIFICATION_ALGS,
                &authorities.0,
                &between,
                then,
                KeyUsage::required(TIME_STAMPING),
                None,
                None,
            )
            .map(|_| ())
            .map_err(|fault| StampFault::Untrusted(fault.to_string()))
    }
}
