//! The changes a laboratory makes first: another current, another capacity, so many cycles.
//!
//! Does: change everything in a scene that such a wish means.
//! Does not: check the outcome; that is [`Scene::resolve_naming`]. Temperature, pressure and cell need no
//! help: each is one field.

use super::error::Problem;
use super::{Scene, SceneError, SceneSpec, StepLimits, StepSpec, check, resolve};

impl SceneSpec {
    /// Another current density, mA cm⁻², also in every step of the protocol that carries current.
    pub fn with_current_density(mut self, ma_cm2: f64) -> Self {
        self.current_density_ma_cm2 = ma_cm2;
        for_each_current(&mut self.protocol, &mut |current, _| *current = ma_cm2);
        self
    }

    /// Another capacity, mAh cm⁻²: in every step of the protocol that ends at one, or, without a protocol, at
    /// the end of the run.
    pub fn with_capacity(mut self, mah_cm2: f64) -> Self {
        if self.protocol.is_none() {
            self.until.get_or_insert_default().areal_capacity_mah_cm2 = Some(mah_cm2);
        }
        for_each_current(&mut self.protocol, &mut |_, until| {
            if let Some(capacity) = &mut until.capacity_mah_cm2 {
                *capacity = mah_cm2;
            }
        });
        self
    }

    /// The usual test of Coulombic efficiency ([`StepSpec::cycling`]) in this cell, in place of any protocol
    /// and limit. Current density in mA cm⁻², capacity in mAh cm⁻². [`plating`](Self::plating) tells those of
    /// the scene.
    pub fn with_cycles(self, cycles: u32, current_density_ma_cm2: f64, capacity_mah_cm2: f64) -> Self {
        let steps =
            StepSpec::cycling(current_density_ma_cm2, capacity_mah_cm2, cycles, self.cell, self.cutoff_v);
        Self { current_density_ma_cm2, ..self.with_protocol(steps) }
    }

    /// This protocol in place of any other. A limit of the run goes with it: it was meant for another course.
    pub fn with_protocol(mut self, steps: Vec<StepSpec>) -> Self {
        self.protocol = Some(steps);
        self.until = None;
        self
    }

    /// Current density (mA cm⁻²) and capacity (mAh cm⁻²) with which the scene plates: those of the first
    /// plating step that has them, or, without a protocol, of the run. Without any capacity it is 1 mAh cm⁻².
    pub fn plating(&self) -> (f64, f64) {
        let (mut current, mut capacity) = (None, None);
        let mut look = |i: f64, until: &StepLimits| {
            current = current.or(Some(i));
            capacity = capacity.or(until.capacity_mah_cm2);
        };
        plating_steps(self.protocol.as_deref().unwrap_or_default(), &mut look);
        (
            current.unwrap_or(self.current_density_ma_cm2),
            capacity.or(self.limits().areal_capacity_mah_cm2).unwrap_or(1.0),
        )
    }

    /// True when [`with_capacity`](Self::with_capacity) would find a place: there is no protocol, or a step
    /// of it ends at a capacity.
    pub fn has_capacity(&self) -> bool {
        let mut found = self.protocol.is_none();
        for_each_current(&mut self.protocol.clone(), &mut |_, until| {
            found |= until.capacity_mah_cm2.is_some()
        });
        found
    }
}

impl Scene {
    /// Checks and resolves `spec`, as [`resolve`](Self::resolve). `place_of` names what gave a field its
    /// value, for example an option of the command line, for the message. The field itself is named where it
    /// answers `None`.
    ///
    /// # Errors
    /// The first thing that makes no sense, by the name of its place.
    pub fn resolve_naming(
        spec: SceneSpec,
        place_of: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, SceneError> {
        let place = |problem: Problem| match place_of(&problem.field) {
            Some(place) => SceneError::Content { place, what: problem.what, cure: problem.cure },
            None => problem.without_text(),
        };
        check::check(&spec).map_err(place)?;
        resolve(spec, place)
    }
}

/// Current density and limits of every step that carries current.
fn for_each_current(
    protocol: &mut Option<Vec<StepSpec>>,
    change: &mut impl FnMut(&mut f64, &mut StepLimits),
) {
    fn walk(steps: &mut [StepSpec], change: &mut impl FnMut(&mut f64, &mut StepLimits)) {
        for step in steps {
            match step {
                StepSpec::Plate { current_density_ma_cm2, until }
                | StepSpec::Strip { current_density_ma_cm2, until }
                | StepSpec::Pulse { current_density_ma_cm2, until, .. } => {
                    change(current_density_ma_cm2, until);
                }
                // A ramp and a hold have their currents for a reason.
                StepSpec::Rest { .. } | StepSpec::Ramp { .. } | StepSpec::Hold { .. } => {}
                StepSpec::Repeat { steps, .. } => walk(steps, change),
            }
        }
    }
    walk(protocol.as_deref_mut().unwrap_or_default(), change);
}

/// Current density and limits of every step that plates.
fn plating_steps(steps: &[StepSpec], look: &mut impl FnMut(f64, &StepLimits)) {
    for step in steps {
        match step {
            StepSpec::Plate { current_density_ma_cm2, until }
            | StepSpec::Pulse { current_density_ma_cm2, until, .. } => look(*current_density_ma_cm2, until),
            StepSpec::Strip { .. }
            | StepSpec::Rest { .. }
            | StepSpec::Ramp { .. }
            | StepSpec::Hold { .. } => {}
            StepSpec::Repeat { steps, .. } => plating_steps(steps, look),
        }
    }
}
